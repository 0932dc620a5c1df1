import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {refuse} from '../../src/ops/op-spec.js'
import {lookup} from '../../src/ops/registry.js'
import {operatorTable} from '../support/operator-table.js'
import {withOperators} from '../support/operators-page.js'

describe('operatorTable', () => {
  it('is the golden file: run `npm run golden` after changing records', () => {
    expect(operatorTable()).to.equal(readFileSync('test/golden/operators.md', 'utf8'))
  })

  it('stands in docs/operators.md: run `npm run golden` after changing records', () => {
    const page = readFileSync('docs/operators.md', 'utf8')
    expect(page).to.contain(operatorTable().split('\n').at(-2))
    expect(withOperators(page, operatorTable())).to.equal(page)
  })

  it('shows a gap of the newest version as a dash', () => {
    const relu = lookup({domain: '', opType: 'Relu'}, 17)
    if (!relu) throw new Error('Relu has a record')
    const table = operatorTable([relu, {...relu, sinceOpset: 30, quantize: refuse('no kernel')}])
    expect(table.split('\n').at(-2)?.replaceAll(/ +/g, ' ')).to.equal(
      '| Relu | ai.onnx | 1, 30 | yes | yes | - | yes | |',
    )
  })
})
