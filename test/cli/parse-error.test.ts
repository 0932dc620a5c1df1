import {Errors} from '@oclif/core'
import {expect} from 'chai'
import {usageErrorOf} from '../../src/cli/parse-error.js'
import {DataError, UsageError} from '../../src/errors.js'

describe('usageErrorOf', () => {
  const parserError = (message: string, facts: object = {}) => Object.assign(new Errors.CLIError(message), facts)

  it('leaves errors alone that are not of the parser', () => {
    expect(usageErrorOf(new DataError('x'), 'bench')).to.equal(undefined)
    expect(usageErrorOf(new TypeError('x'), 'bench')).to.equal(undefined)
    expect(usageErrorOf('x', 'bench')).to.equal(undefined)
    expect(usageErrorOf(undefined, 'bench')).to.equal(undefined)
  })

  it('suggests the flag that was meant, also one that says no', () => {
    const error = parserError('Nonexistent flag', {flags: ['--threds=2']})
    const {message, hint} = usageErrorOf(error, 'bench', ['threads', 'time']) as UsageError
    expect(message).to.equal("unknown flag '--threds=2'")
    expect(hint).to.equal('Did you mean `--threads`? `mopt bench --help` lists the flags')
    const no = usageErrorOf(parserError('Nonexistent flag', {flags: ['--no-tme']}), 'bench', ['time'])
    expect(no?.hint).to.match(/^Did you mean `--no-time`/)
    const far = usageErrorOf(parserError('Nonexistent flag', {flags: ['--zzzzzz']}), 'bench', ['time'])
    expect(far?.hint).to.equal('`mopt bench --help` lists the flags')
  })

  it('names arguments that are missing, and those too many', () => {
    const missing = parserError('Missing 2 required args:', {args: [{name: 'model'}, {name: 'other'}]})
    expect(usageErrorOf(missing, 'bench')?.message).to.equal('expected MODEL and OTHER, got nothing')
    expect(usageErrorOf(missing, 'bench')?.hint).to.match(/shows examples/)
    const further = parserError('Unexpected argument: a', {args: ['a', 'b c']})
    expect(usageErrorOf(further, 'bench')?.message).to.equal("expected no further argument, got 'a', 'b c'")
  })

  it("takes the frame off the parser's words", () => {
    const framed = parserError('The following errors occurred:\n  one\n  two\nSee more help with --help')
    expect(usageErrorOf(framed, 'bench')?.message).to.equal('one; two')
    const list = parserError('Expected --a to be one of:\n  b\n  c')
    expect(usageErrorOf(list, 'bench')?.message).to.equal('Expected --a to be one of: b; c')
    expect(usageErrorOf(parserError('plain'), 'bench')?.message).to.equal('plain')
  })

  it('takes the wrapping off our own errors', () => {
    const own = new UsageError('Parsing --dim \n\texpected NAME=64\nSee more help with --help')
    expect(usageErrorOf(own, 'bench')).to.equal(own)
    expect(own.message).to.equal('expected NAME=64')
  })
})
