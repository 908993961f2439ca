// The order of the pages, on the site and in llms.txt. A test compares it with the pages that are there.
export const sidebar = [
  { text: "Start", pages: ["index", "getting-started", "workers", "recipes/index"] },
  {
    text: "Use",
    pages: [
      "publishing",
      "queries",
      "authorising",
      "webhooks",
      "encrypted-channels",
      "push-notifications",
      "testing",
      "command-line",
      "typescript",
    ],
  },
  {
    text: "Run",
    pages: ["retries", "errors", "troubleshooting", "rotating-keys", "scale", "limits", "other-servers", "faq"],
  },
  { text: "Move", pages: ["migrate/from-pusher", "migrate/from-pusher-http-edge", "migrate/from-other-languages"] },
  { text: "Look up", pages: ["options", "where-it-runs", "speed", "endpoints", "rust"] },
]

/** Every page by its path without `.md`. */
export const sidebarPages = sidebar.flatMap(({ pages }) => pages)
