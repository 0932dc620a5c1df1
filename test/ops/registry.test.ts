import {existsSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {lookup, OPERATORS} from '../../src/ops/registry.js'

describe('OPERATORS', () => {
  it('holds one record per operator and version', () => {
    const keys = OPERATORS.map((spec) => `${spec.domain ?? ''}:${spec.type} ${spec.sinceOpset}`)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([])
    expect(OPERATORS.length).to.be.greaterThan(150)
  })

  it('has a test at the same path for every file, which describes all records of it', () => {
    const files = [...readFileSync('src/ops/operators.ts', 'utf8').matchAll(/ from '\.\/(.+)\.js'/g)].map(
      ([, path]) => path,
    )
    expect(files.length).to.be.greaterThan(100)
    const untested = files.filter((path) => {
      const test = `test/ops/${path}.test.ts`
      const text = existsSync(test) ? readFileSync(test, 'utf8') : ''
      return (
        !text.includes(`import * as file from '../../../src/ops/${path}.js'`) ||
        !/^describeOperators\(file\b/m.test(text)
      )
    })
    expect(untested).to.deep.equal([])
  })
})

describe('lookup', () => {
  it('takes the newest record not above the opset', () => {
    expect(lookup({domain: '', opType: 'Squeeze'}, 12)?.sinceOpset).to.equal(1)
    expect(lookup({domain: '', opType: 'Squeeze'}, 13)?.sinceOpset).to.equal(13)
    expect(lookup({domain: '', opType: 'Squeeze'}, 21)?.sinceOpset).to.equal(13)
  })

  it('knows nothing of other domains and of operators from later opsets', () => {
    expect(lookup({domain: 'my.ops', opType: 'Relu'}, 13)).to.equal(undefined)
    expect(lookup({domain: '', opType: 'Gelu'}, 19)).to.equal(undefined)
  })
})
