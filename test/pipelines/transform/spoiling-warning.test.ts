import {expect} from 'chai'
import {spoilingWarning} from '../../../src/pipelines/transform/spoiling-warning.js'
import type {Spoiling} from '../../../src/runtime/session/spoiling-level.js'

describe('spoilingWarning', () => {
  const at = (level: Spoiling['level'], kind: Spoiling['kind'] = 'values'): Spoiling => ({
    level,
    kind,
    reason: 'a reason',
  })

  it('names the highest level that is still right', () => {
    expect(spoilingWarning({output: at('basic')}).hint).to.contain("to 'disabled'")
    expect(spoilingWarning({output: at('extended')}).hint).to.contain("to 'basic'")
    expect(spoilingWarning({output: at('all')}).hint).to.contain("to 'layout'")
  })

  it('names the level that is right for both files', () => {
    const {message, hint} = spoilingWarning({input: at('all'), output: at('extended')})
    expect(hint).to.contain("to 'basic'")
    expect(message).to.match(/the outputs of the input and the output from level 'all' on/)
  })

  it('says whose outputs change, and that a written model runs right where it does', () => {
    expect(spoilingWarning({input: at('basic', 'refused')}).message).to.match(
      /refuses the input model from level 'basic' on \(a reason\)\. Both were compared .* off; the written model runs right/,
    )
    expect(spoilingWarning({output: at('basic')}).message).to.match(
      /changes the outputs of the written model .*\(a reason\)$/,
    )
  })
})
