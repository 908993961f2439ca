export default function Page() {
  return <h1>Nothing of Channels here</h1>
}
