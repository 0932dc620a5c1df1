const {reporters} = require('mocha')

/** Mocha's dots and summary, then one last line for scripts: `N passed, N failed`. */
module.exports = class SummaryReporter extends reporters.Dot {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const {passes, failures} = this.stats
      process.stdout.write(`${passes} passed, ${failures} failed\n`)
    })
  }
}
