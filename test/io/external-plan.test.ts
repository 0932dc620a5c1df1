import {expect} from 'chai'
import {ExternalPlan} from '../../src/io/external-plan.js'
import {float32, tensorOf} from '../../src/ir/tensor.js'
import type {TensorProto} from '../../src/proto/messages.js'

const floats = (count: number) => float32(new Float32Array(count).fill(1))
const placeOf = ({externalData}: TensorProto) =>
  Object.fromEntries((externalData ?? []).map(({key, value}) => [key, value]))

describe('ExternalPlan', () => {
  it('takes tensors from 1 KiB on, and no text', () => {
    const plan = new ExternalPlan('model.onnx.data')
    expect([floats(255), floats(256)].map((tensor) => plan.takes(tensor))).to.deep.equal([false, true])
    expect(plan.takes(tensorOf('string', [1], ['x'.repeat(5000)]))).to.equal(false)
    expect(plan.takes(float32([], [0, 4]))).to.equal(false)
  })

  it('puts every tensor where its elements are aligned, and fills the gap', () => {
    const plan = new ExternalPlan('model.onnx.data')
    const first = plan.place(tensorOf('int8', [1030], new Int8Array(1030)), {name: 'a'})
    const second = plan.place(floats(256), {name: 'b'})
    expect(placeOf(first)).to.deep.equal({location: 'model.onnx.data', offset: '0', length: '1030'})
    expect(placeOf(second)).to.deep.equal({location: 'model.onnx.data', offset: '1040', length: '1024'})
    expect(plan.parts.map((part) => part.byteLength)).to.deep.equal([1030, 10, 1024])
    expect(plan.byteLength).to.equal(2064)
  })

  it('starts a tensor of a megabyte on a page', () => {
    const plan = new ExternalPlan('d')
    plan.place(floats(256), {})
    expect(placeOf(plan.place(floats(2 ** 18), {})).offset).to.equal('4096')
    expect(plan.byteLength).to.equal(4096 + 2 ** 20)
  })

  it('leaves the name and takes the data out of the message', () => {
    const proto = new ExternalPlan('d').place(floats(256), {name: 'w', docString: 'kept'})
    expect([proto.name, proto.docString, proto.rawData, proto.dataLocation]).to.deep.equal(['w', 'kept', undefined, 1])
  })
})
