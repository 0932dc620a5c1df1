import {create, fromBinary, type MessageInitShape, toBinary} from '@bufbuild/protobuf'
import {type GraphProto, type GraphProtoSchema, type ModelProto, ModelProtoSchema, TensorProto_DataType} from 'onnx-buf'

/** Models written and read by somebody else's ONNX library (onnx-buf, IR 13): the witness for ours. */

export type ForeignGraph = Exclude<MessageInitShape<typeof GraphProtoSchema>, GraphProto>
type ForeignModel = Exclude<MessageInitShape<typeof ModelProtoSchema>, ModelProto>

/** A whole model around a graph: IR 8, opset 17 unless said otherwise. */
export function foreignModel(graph: ForeignGraph, model: ForeignModel = {}): Uint8Array {
  const message = create(ModelProtoSchema, {irVersion: 8n, opsetImport: [{version: 17n}], ...model, graph})
  return toBinary(ModelProtoSchema, message)
}

export function readForeign(bytes: Uint8Array): ModelProto {
  return fromBinary(ModelProtoSchema, bytes)
}

/** A float input or output. */
export function port(name: string, ...shape: number[]) {
  const dim = shape.map((size) => ({value: {case: 'dimValue' as const, value: BigInt(size)}}))
  const value = {elemType: TensorProto_DataType.FLOAT, shape: {dim}}
  return {name, type: {value: {case: 'tensorType' as const, value}}}
}

/** y = x + w with one weight, given as a tensor. */
export function addGraph(weight: NonNullable<ForeignGraph['initializer']>[number], size = 2): ForeignGraph {
  return {
    name: 'add',
    input: [port('x', size)],
    output: [port('y', size)],
    node: [{name: 'add', opType: 'Add', input: ['x', 'w'], output: ['y']}],
    initializer: [{name: 'w', ...weight}],
  }
}

export const FLOAT = TensorProto_DataType.FLOAT
