// Preloaded: takes globals away before the program's first line.
for (const name of process.env.WITHOUT.split(",")) delete globalThis[name]
