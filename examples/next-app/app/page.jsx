export default function Page() {
  return <p>POST {'{ "text": "Hello" }'} to /api/messages.</p>
}
