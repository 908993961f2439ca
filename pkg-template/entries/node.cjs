// Between node.js and what it imports: older versions of Node read every file of CommonJS that is imported through for its exports, which for
// index.cjs takes several times as long as all the rest.
const Pusher = require("./index.cjs")

module.exports = Pusher
