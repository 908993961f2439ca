export default function Home() {
  return <h1>Nothing of Channels here</h1>
}
