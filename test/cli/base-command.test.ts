import type {ChildProcess} from 'node:child_process'
import {expect} from 'chai'
import {errorLine, type Outcome, runSample} from '../support/run-mopt.js'

describe('BaseCommand', () => {
  it('prints a deliberate error as one line with the next step, and uses its exit code', async () => {
    const outcome = await runSample(['fail', '--as', 'data'])
    expect(outcome.code).to.equal(2)
    expect(outcome.stdout).to.equal('')
    expect(errorLine(outcome)).to.equal('x: expected [N, 4], got [N, 3] (hint: pass --map)')
  })

  it('prints the error as a document with --json, stacks and causes on stderr with DEBUG=mopt', async () => {
    const {code, stdout, stderr} = await runSample(['fail', '--as', 'data', '--json'], {env: {DEBUG: 'mopt'}})
    expect(code).to.equal(2)
    expect(JSON.parse(stdout)).to.deep.equal({
      schemaVersion: 1,
      command: 'fail',
      error: {code: 'BAD_DATA', message: 'x: expected [N, 4], got [N, 3]', hint: 'pass --map'},
    })
    expect(stderr).to.match(/^mopt: error: x: /)
    expect(stderr).to.match(/DataError: x[\s\S]*\n {4}at [\s\S]*Error: the cause\n {4}at /)
  })

  it('calls what nobody foresaw a bug of mopt, without a stack', async () => {
    const outcome = await runSample(['fail', '--as', 'bug'])
    expect(outcome.code).to.equal(70)
    expect(errorLine(outcome)).to.match(/^internal: TypeError: cannot read this \(hint: .*DEBUG=mopt/)
  })

  it('prints text and warnings for people, more with --verbose, not interpreting percent signs', async () => {
    const {code, stdout, stderr} = await runSample(['result', '-v'])
    expect(code).to.equal(0)
    expect(stdout).to.equal('100%s done %\nmore\n')
    expect(stderr).to.equal('mopt: warning: the machine is busy (close other programs)\n')
  })

  it('prints nothing but errors with --quiet', async () => {
    const {code, stdout, stderr} = await runSample(['result', '-q'])
    expect({code, stdout, stderr}).to.deep.equal({code: 0, stdout: '', stderr: ''})
  })

  it('ends with 4 and a line per missed budget; --json still prints its one document, null for what is not finite', async () => {
    const {code, stdout, stderr} = await runSample(['result', '--miss', '--json'])
    expect(code).to.equal(4)
    expect(stderr).to.equal('mopt: budget missed: --max-size 30%: small.onnx has 41%\n')
    const {budget, figures} = JSON.parse(stdout)
    expect(budget.passed).to.equal(false)
    expect(figures).to.deep.equal({nan: null, infinite: null, big: 3})
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`lets the work clean up on ${signal}, then ends with ${code}`, async () => {
      const outcome = await interrupt(['wait'], (child) => child.kill(signal))
      expect(outcome.code).to.equal(code)
      expect(outcome.stdout).to.equal('ready\ncleaning up\n')
      expect(errorLine(outcome)).to.match(/^interrupted/)
    })
  }

  it('ends at once on the second Ctrl-C', async () => {
    const {code} = await interrupt(['wait', '--stubborn'], (child) => {
      child.kill('SIGINT')
      child.stdout?.on('data', (text) => String(text).includes('cleaning up') && child.kill('SIGINT'))
    })
    expect(code).to.equal(130)
  })
})

/** Runs a sample verb and acts as soon as it says `ready`. */
function interrupt(args: readonly string[], act: (child: ChildProcess) => void): Promise<Outcome> {
  return runSample(args, {
    onStart: (child) => child.stdout?.once('data', () => act(child)),
  })
}
