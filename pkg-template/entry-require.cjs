// CommonJS: the class itself is what `require` gives; everything else hangs on it.
const { Pusher } = require("./entry-inline.js")

module.exports = Pusher
module.exports.default = Pusher
