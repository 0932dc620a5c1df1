import {expect} from 'chai'
import {UsageError} from '../../../src/errors.js'
import {RULE_NAMES, RULES} from '../../../src/passes/simplify/rules.js'
import {chosenRules} from '../../../src/pipelines/simplify/simplify-rules.js'

describe('chosenRules', () => {
  const names = (skip: string[], fuseOrt = false) => chosenRules({skip, fuseOrt}).map(({name}) => name)

  it('leaves those out that were named, and keeps the order of the others', () => {
    const all = names([])
    const [first = '', ...rest] = all
    expect(names([first])).to.deep.equal(rest)
    expect(names(RULE_NAMES.slice())).to.deep.equal([])
  })

  it("fuses into the runtime's own operators only if asked to", () => {
    const own = RULES.filter(({fuseOrt}) => fuseOrt).map(({name}) => name)
    expect(own).not.to.deep.equal([])
    expect(names([])).not.to.include.members(own)
    expect(names([], true)).to.include.members(own)
  })

  it('refuses a name that no rule has, and lists those that there are', () => {
    for (const name of ['constructor', '', 'Fold-Constants']) {
      expect(() => names([name]))
        .to.throw(UsageError, `got '${name}'`)
        .with.property('hint')
        .that.contains(RULE_NAMES[0])
    }
  })
})
