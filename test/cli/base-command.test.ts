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

  it('prints the error as a document with --json', async () => {
    const {code, stdout} = await runSample(['fail', '--as', 'data', '--json'])
    expect(code).to.equal(2)
    expect(JSON.parse(stdout)).to.deep.equal({
      schemaVersion: 1,
      command: 'fail',
      error: {code: 'BAD_DATA', message: 'x: expected [N, 4], got [N, 3]', hint: 'pass --map'},
    })
  })

  it('shows stacks and causes with DEBUG=mopt only', async () => {
    const {stderr} = await runSample(['fail', '--as', 'data'], {env: {DEBUG: 'mopt'}})
    expect(stderr).to.match(/^mopt: error: x: /)
    expect(stderr).to.match(/DataError: x[\s\S]*\n {4}at [\s\S]*Error: the cause\n {4}at /)
  })

  for (const [as, code, text] of [
    ['bug', 70, /^internal: TypeError: cannot read this \(hint: .*DEBUG=mopt/],
    ['text', 70, /^internal: a string was thrown/],
    ['disk', 5, /^'out.onnx': the disk is full/],
    ['memory', 5, /^the machine is out of memory/],
    ['denied', 2, /^'out.onnx': permission denied/],
  ] as const) {
    it(`ends with ${code} when the failure is: ${as}`, async () => {
      const outcome = await runSample(['fail', '--as', as])
      expect(outcome.code).to.equal(code)
      expect(errorLine(outcome)).to.match(text)
    })
  }

  it('prints text and warnings for people, not interpreting percent signs', async () => {
    const {code, stdout, stderr} = await runSample(['result'])
    expect(code).to.equal(0)
    expect(stdout).to.equal('100%s done %\n')
    expect(stderr).to.equal('mopt: warning: the machine is busy (close other programs)\n')
  })

  it('prints more with --verbose and nothing with --quiet', async () => {
    expect((await runSample(['result', '-v'])).stdout).to.equal('100%s done %\nmore\n')
    const {stdout, stderr} = await runSample(['result', '-q'])
    expect(stdout + stderr).to.equal('')
  })

  it('prints one JSON document with null for what is not finite', async () => {
    const {code, stdout, stderr} = await runSample(['result', '--json'])
    expect(code).to.equal(0)
    expect(stderr).to.equal('')
    expect(JSON.parse(stdout).figures).to.deep.equal({nan: null, infinite: null, big: 3})
  })

  it('says each missed budget in a line and ends with 4, the result printed all the same', async () => {
    const {code, stdout, stderr} = await runSample(['result', '--miss', '--json'])
    expect(code).to.equal(4)
    expect(stderr).to.equal('mopt: budget missed: --max-size 30%: small.onnx has 41%\n')
    expect(JSON.parse(stdout).budget.passed).to.equal(false)
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
