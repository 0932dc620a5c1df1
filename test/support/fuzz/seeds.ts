import {AttributeProto_AttributeType as Attr, TensorProto_DataType as Type} from 'onnx-buf'
import {addGraph, FLOAT, type ForeignGraph, foreignModel, port} from '../foreign-model.js'
import {NEW_FORMS} from '../new-forms.js'

/** Where external data of the seeds lies, and how much there is. */
export const DATA_FILE = 'weights.bin'
export const DATA_BYTES = 4096

const ints = (name: string, ...values: number[]) => ({name, type: Attr.INTS, ints: values.map(BigInt)})
const int64 = (name: string, ...values: number[]) => {
  return {name, dims: [BigInt(values.length)], dataType: Type.INT64, int64Data: values.map(BigInt)}
}
const floats = (name: string, ...dims: number[]) => {
  const count = dims.reduce((product, size) => product * size, 1)
  return {name, dims: dims.map(BigInt), dataType: FLOAT, rawData: new Uint8Array(4 * count)}
}

/** A small CNN with a head whose shape is computed. */
const cnn: ForeignGraph = {
  name: 'cnn',
  input: [{name: 'x', type: named('batch', 1, 8, 8)}],
  output: [{name: 'y', type: named('batch', 3)}],
  initializer: [floats('w', 4, 1, 3, 3), floats('b', 4), floats('fc', 64, 3), int64('zero', 0), int64('minus', -1)],
  node: [
    {
      opType: 'Conv',
      name: 'conv',
      input: ['x', 'w', 'b'],
      output: ['c'],
      attribute: [ints('pads', 1, 1, 1, 1), ints('strides', 1, 1)],
    },
    {opType: 'Relu', input: ['c'], output: ['r']},
    {opType: 'MaxPool', input: ['r'], output: ['p'], attribute: [ints('kernel_shape', 2, 2), ints('strides', 2, 2)]},
    {opType: 'Shape', input: ['x'], output: ['s']},
    {opType: 'Gather', input: ['s', 'zero'], output: ['n'], attribute: [{name: 'axis', type: Attr.INT, i: 0n}]},
    {opType: 'Concat', input: ['n', 'minus'], output: ['t'], attribute: [{name: 'axis', type: Attr.INT, i: 0n}]},
    {opType: 'Reshape', input: ['p', 't'], output: ['f']},
    {opType: 'Gemm', input: ['f', 'fc'], output: ['y'], attribute: [{name: 'alpha', type: Attr.FLOAT, f: 0.5}]},
  ],
  valueInfo: [port('r', 1, 4, 8, 8)],
}

function named(name: string, ...shape: number[]) {
  const {type} = port('', 0, ...shape)
  const dim = type.value.value.shape.dim.map((size, index) =>
    index === 0 ? {value: {case: 'dimParam' as const, value: name}} : size,
  )
  return {value: {case: 'tensorType' as const, value: {elemType: FLOAT, shape: {dim}}}}
}

/** If in a Loop body, with captures, and a sequence. */
function control(): ForeignGraph {
  const branch = (opType: string) => ({
    name: opType,
    node: [{opType, input: ['v'], output: ['o']}],
    output: [port('o', 2)],
  })
  const choose = {
    opType: 'If',
    input: ['more'],
    output: ['next'],
    attribute: [
      {name: 'then_branch', type: Attr.GRAPH, g: branch('Relu')},
      {name: 'else_branch', type: Attr.GRAPH, g: branch('Neg')},
    ],
  }
  const body: ForeignGraph = {
    name: 'body',
    input: [{name: 'i'}, {name: 'more'}, port('v', 2)],
    output: [{name: 'more_out'}, port('next', 2), port('seen', 2)],
    node: [
      choose,
      {opType: 'Identity', input: ['more'], output: ['more_out']},
      {opType: 'Add', input: ['next', 'x'], output: ['seen']},
    ],
  }
  return {
    name: 'control',
    input: [port('x', 2)],
    output: [port('y', 2), port('all', 3, 2)],
    initializer: [int64('trips', 3)],
    node: [
      {
        opType: 'Constant',
        output: ['on'],
        attribute: [{name: 'value', type: Attr.TENSOR, t: {dataType: Type.BOOL, int32Data: [1]}}],
      },
      {
        opType: 'Loop',
        input: ['trips', 'on', 'x'],
        output: ['y', 'all'],
        attribute: [{name: 'body', type: Attr.GRAPH, g: body}],
      },
      {opType: 'SequenceConstruct', input: ['x', 'y'], output: ['list']},
    ],
  }
}

const external = (offset: number) => ({
  dims: [2n],
  dataType: FLOAT,
  dataLocation: 1,
  externalData: Object.entries({location: DATA_FILE, offset: `${offset}`, length: '8'}).map(([key, value]) => ({
    key,
    value,
  })),
})

/** Small files that together use every part of the format. */
export const FUZZ_SEEDS: readonly Uint8Array[] = [
  foreignModel(cnn),
  foreignModel(control()),
  foreignModel(addGraph(external(16))),
  foreignModel({...addGraph(floats('w', 2)), input: [port('x', 2), port('w', 2)]}, {irVersion: 3n}),
  NEW_FORMS['devices, training and metadata everywhere'] ?? new Uint8Array(0),
  NEW_FORMS['overloaded functions'] ?? new Uint8Array(0),
]
