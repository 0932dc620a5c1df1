import {expect} from 'chai'
import {BugError} from '../../../src/errors.js'
import type {Rule} from '../../../src/passes/simplify/rule.js'
import {blameRule} from '../../../src/pipelines/simplify/blame-rule.js'

const rules: readonly Rule[] = Array.from({length: 13}, (_, index) => ({
  name: `rule-${index}`,
  create: () => ({name: `rule-${index}`, run: () => ({changed: [], skipped: []})}),
}))

function notAsked(): never {
  throw new Error('a rule is to blame')
}

describe('blameRule', () => {
  for (const bad of rules) {
    it(`finds ${bad.name} in few steps`, async () => {
      let steps = 0
      const isWrong = async (some: readonly Rule[]) => {
        steps++
        return some.includes(bad)
      }
      const error = await blameRule(rules, 'output y differs', isWrong, notAsked)
      expect(error.exitCode).to.equal(70)
      expect(error.message).to.match(/output y differs/)
      expect(error.hint).to.include(`--skip ${bad.name},`)
      expect(steps).to.be.at.most(5)
    })
  }

  it('asks what else is to blame when no rule is needed for the difference', async () => {
    const isAlwaysWrong = async () => true
    const error = await blameRule(rules, 'output y differs', isAlwaysWrong, (failure) => new BugError(`${failure}!`))
    expect(error.message).to.match(/output y differs!$/)
  })
})
