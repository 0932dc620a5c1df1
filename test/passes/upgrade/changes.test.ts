import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {isRefusal} from '../../../src/ops/op-spec.js'
import {OPERATORS} from '../../../src/ops/registry.js'
import {CHANGES} from '../../../src/passes/upgrade/changes.js'

/** Made from ONNX's own schema registry; the file says which. */
const {versions} = JSON.parse(readFileSync('test/support/onnx-schemas.json', 'utf8')) as {
  versions: Record<string, number[]>
}

describe('CHANGES', () => {
  it('has every version of every operator of ONNX up to opset 26', () => {
    const missing = Object.entries(versions).flatMap(([type, [, ...later]]) =>
      later.filter((version) => CHANGES[type]?.[version] === undefined).map((version) => `${type}-${version}`),
    )
    expect(missing).to.deep.equal([])
    expect(Object.keys(versions).filter((type) => !CHANGES[type])).to.deep.equal([])
  })

  it('names no version ONNX does not have, besides the end of its experiments', () => {
    const invented = Object.entries(CHANGES).flatMap(([type, steps]) =>
      Object.keys(steps)
        .filter((version) => versions[type] && !versions[type].slice(1).includes(Number(version)))
        .map((version) => `${type}-${version}`),
    )
    expect(invented).to.deep.equal(['MeanVarianceNormalization-9'])
    const withdrawn = Object.keys(CHANGES).filter((type) => !versions[type])
    const ends = withdrawn.filter((type) => isRefusal(CHANGES[type]?.[10]))
    expect(withdrawn.filter((type) => !ends.includes(type))).to.deep.equal([
      'ImageScaler',
      'SimplifiedLayerNormalization',
    ])
  })

  it('knows every operator of the standard domain that mopt has a record of', () => {
    const types = OPERATORS.filter(({domain = ''}) => domain === '').map(({type}) => type)
    expect(types.filter((type) => !CHANGES[type])).to.deep.equal([])
  })
})
