import {expect} from 'chai'
import {withOptionalValue} from '../../src/cli/optional-value.js'

describe('withOptionalValue', () => {
  const given = (...argv: string[]) => withOptionalValue(argv, 'plan', (argument) => argument.endsWith('.yaml'))

  it('gives a flag that stands alone an empty value', () => {
    expect(given('m.onnx', '--plan')).to.deep.equal(['m.onnx', '--plan='])
    expect(given('--plan', 'm.onnx')).to.deep.equal(['--plan=', 'm.onnx'])
    expect(given('--plan', '--json')).to.deep.equal(['--plan=', '--json'])
  })

  it('leaves a value that is there, and what is no flag', () => {
    expect(given('m.onnx', '--plan', 'p.yaml')).to.deep.equal(['m.onnx', '--plan', 'p.yaml'])
    expect(given('--plan=p.txt')).to.deep.equal(['--plan=p.txt'])
    expect(given('--', '--plan')).to.deep.equal(['--', '--plan'])
  })
})
