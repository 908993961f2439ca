// Deletes globals before the program starts; loaded with `--require`.
for (const name of process.env.WITHOUT.split(",")) delete globalThis[name]
