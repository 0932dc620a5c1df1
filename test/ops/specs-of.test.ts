import {expect} from 'chai'
import {specsOf} from '../../src/ops/specs-of.js'

describe('specsOf', () => {
  it('goes by the opset that the model imports for the domain of the node', () => {
    const [clip, gelu] = [
      {opType: 'Clip', domain: ''},
      {opType: 'Gelu', domain: 'com.microsoft'},
    ] as const
    const sinceOf = (version: number) => specsOf({opsets: new Map([['', version]])})(clip as never)?.sinceOpset
    expect([6, 10, 11, 21].map(sinceOf)).to.deep.equal([1, 1, 11, 11])
    expect(specsOf({opsets: new Map([['com.microsoft', 1]])})(gelu as never)?.domain).to.equal('com.microsoft')
    expect(specsOf({opsets: new Map()})({opType: 'Unheard', domain: ''} as never)).to.equal(undefined)
  })
})
