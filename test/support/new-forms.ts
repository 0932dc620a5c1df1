import {create, type MessageInitShape} from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as Attr,
  type NodeProtoSchema,
  TensorProto_DataType as Type,
  type TypeProto,
  TypeProtoSchema,
} from 'onnx-buf'
import {addGraph, FLOAT, type ForeignGraph, foreignModel, port} from './foreign-model.js'

type Tensor = NonNullable<ForeignGraph['initializer']>[number]
type Node = Exclude<MessageInitShape<typeof NodeProtoSchema>, {$typeName: 'onnx.NodeProto'}> & {opType: string}

const props = (...keys: string[]) => keys.map((key) => ({key, value: `about ${key}`}))
const relu = (input: string, output: string): Node => ({opType: 'Relu', input: [input], output: [output]})
const ELEMENTS = 6n

/** A weight of each type as raw bytes, and of each type that has a typed list in that list as well. */
export function tensorsOfAllTypes(): Tensor[] {
  const bits: Partial<Record<Type, number>> = {[Type.COMPLEX128]: 128, [Type.DOUBLE]: 64, [Type.COMPLEX64]: 64}
  for (const type of [Type.INT64, Type.UINT64]) bits[type] = 64
  for (const type of [Type.FLOAT, Type.INT32, Type.UINT32]) bits[type] = 32
  for (const type of [Type.INT16, Type.UINT16, Type.FLOAT16, Type.BFLOAT16]) bits[type] = 16
  for (const type of [Type.INT4, Type.UINT4, Type.FLOAT4E2M1]) bits[type] = 4
  for (const type of [Type.INT2, Type.UINT2]) bits[type] = 2
  const all = Object.values(Type).filter((type) => typeof type === 'number' && type !== Type.UNDEFINED) as Type[]
  const raw = all
    .filter((type) => type !== Type.STRING)
    .map((type): Tensor => {
      const byteLength = Math.ceil((Number(ELEMENTS) * (bits[type] ?? 8)) / 8)
      return {
        ...header(type, 'raw'),
        rawData: Uint8Array.from({length: byteLength}, (_, index) => (37 * index + type) % 2),
      }
    })
  return [...raw, ...all.flatMap((type) => typedTensor(type, bits[type] ?? 8))]
}

function header(type: Type, form: string) {
  return {
    name: `${Type[type]}_${form}`,
    dims: [ELEMENTS],
    dataType: type,
    docString: form,
    metadataProps: props('unit'),
  }
}

function typedTensor(type: Type, bits: number): Tensor[] {
  const numbers = [1, 2, 3, 4, 5, 6]
  const [floats, ints] = [numbers.map((value) => value / 3), numbers.map(BigInt)]
  const base = header(type, 'typed')
  if (type === Type.STRING) return [{...base, stringData: numbers.map((value) => Buffer.from(`text ${value}`))}]
  if (type === Type.FLOAT) return [{...base, floatData: floats}]
  if (type === Type.COMPLEX64) return [{...base, floatData: [...floats, ...floats]}]
  if (type === Type.DOUBLE) return [{...base, doubleData: floats}]
  if (type === Type.COMPLEX128) return [{...base, doubleData: [...floats, ...floats]}]
  if (type === Type.INT64) return [{...base, int64Data: ints}]
  if (type === Type.UINT64 || type === Type.UINT32) return [{...base, uint64Data: ints}]
  return [{...base, int32Data: numbers.slice(0, Math.ceil((6 * Math.min(bits, 8)) / 8))}]
}

const sparse = (name: string) => ({
  values: {name, dims: [2n], dataType: FLOAT, floatData: [1, 2]},
  indices: {dims: [2n], dataType: Type.INT64, int64Data: [0n, 3n]},
  dims: [4n],
})

/** One attribute of every kind, on one node. */
function allAttributes(): NonNullable<Node['attribute']> {
  const tensor = {dims: [1n], dataType: FLOAT, floatData: [1]}
  const graph = {name: 'body', node: [relu('x', 'b')], output: [port('b', 2)], metadataProps: props('body')}
  const type = typeOf({
    case: 'tensorType',
    value: {elemType: FLOAT, shape: {dim: [{value: {case: 'dimParam', value: 'N'}}]}},
  })
  return [
    {name: 'f', type: Attr.FLOAT, f: 0.1, docString: 'documented'},
    {name: 'i', type: Attr.INT, i: -(2n ** 63n)},
    {name: 's', type: Attr.STRING, s: Uint8Array.of(255, 0, 254)},
    {name: 't', type: Attr.TENSOR, t: {...tensor, name: 'inner', metadataProps: props('inner')}},
    {name: 'g', type: Attr.GRAPH, g: graph},
    {name: 'sparse', type: Attr.SPARSE_TENSOR, sparseTensor: sparse('')},
    {name: 'type', type: Attr.TYPE_PROTO, tp: type},
    {name: 'floats', type: Attr.FLOATS, floats: [1, Number.NaN, Number.POSITIVE_INFINITY, -0]},
    {name: '1', type: Attr.INTS, ints: [1n, -1n]},
    {name: '0', type: Attr.STRINGS, strings: [Buffer.from('a'), new Uint8Array(0)]},
    {name: 'tensors', type: Attr.TENSORS, tensors: [tensor, tensor]},
    {name: 'graphs', type: Attr.GRAPHS, graphs: [graph, graph]},
    {name: 'sparses', type: Attr.SPARSE_TENSORS, sparseTensors: [sparse(''), sparse('')]},
    {name: 'types', type: Attr.TYPE_PROTOS, typeProtos: [type, type]},
    {name: '__proto__', type: Attr.INTS},
  ]
}

function typeOf(value: TypeProto['value'] | object, denotation = ''): TypeProto {
  return create(TypeProtoSchema, {value, denotation} as MessageInitShape<typeof TypeProtoSchema>)
}

/** Inputs of every kind of type, nested, with denotations and unknown sizes. */
function typedInputs() {
  const dim = [
    {value: {case: 'dimParam', value: 'batch'}, denotation: 'DATA_BATCH'},
    {},
    {value: {case: 'dimValue', value: 3n}},
  ]
  const tensor = typeOf({case: 'tensorType', value: {elemType: FLOAT, shape: {dim}}}, 'IMAGE')
  const types = {
    tensor,
    unranked: typeOf({case: 'tensorType', value: {elemType: Type.INT4}}),
    sequence: typeOf({case: 'sequenceType', value: {elemType: tensor}}),
    optional: typeOf({
      case: 'optionalType',
      value: {elemType: typeOf({case: 'sequenceType', value: {elemType: tensor}})},
    }),
    map: typeOf({case: 'mapType', value: {keyType: Type.STRING, valueType: tensor}}),
    sparse: typeOf({case: 'sparseTensorType', value: {elemType: FLOAT, shape: {dim}}}),
  }
  return Object.entries(types).map(([name, type]) => ({name, type, docString: `a ${name}`, metadataProps: props(name)}))
}

/** Calls of two overloads of one function, with a default for an attribute, a reference to one, and a described inner value. */
function withFunctions(): Uint8Array {
  const attribute = [{name: 'alpha', type: Attr.FLOAT, refAttrName: 'slope'}]
  const overload = (name: string) => ({
    ...{name: 'Activate', domain: 'local', overload: name, docString: 'a function', input: ['a'], output: ['b']},
    attribute: ['needed'],
    attributeProto: [{name: 'slope', type: Attr.FLOAT, f: 0.5}],
    opsetImport: [{domain: '', version: 21n}],
    node: [{opType: 'LeakyRelu', input: ['a'], output: ['m'], attribute}, relu('m', 'b')],
    valueInfo: [port('m', 2)],
    metadataProps: props('function'),
  })
  const call = (name: string, input: string, output: string): Node => {
    const needed = [{name: 'needed', type: Attr.INT, i: 1n}]
    return {...relu(input, output), opType: 'Activate', domain: 'local', overload: name, attribute: needed}
  }
  const graph = {input: [port('x', 2)], output: [port('z', 2)], node: [call('one', 'x', 'y'), call('two', 'y', 'z')]}
  const opsetImport = [{version: 21n}, {domain: 'local', version: 1n}]
  return foreignModel(graph, {irVersion: 10n, opsetImport, functions: [overload('one'), overload('two')]})
}

/** Devices, training, annotations, metadata on everything, a stray value_info, absent outputs, both spellings of the domain. */
function withEverything(): Uint8Array {
  const device = {configurationId: 'two', pipelineStage: 1, shardingSpec: [{tensorName: 'x', device: [0n, 1n]}]}
  const first: Node = {
    ...{opType: 'Custom', domain: 'com.example', name: 'first', input: ['x', '', 'w', ''], output: ['', 'a', '']},
    ...{docString: 'a node', attribute: allAttributes(), metadataProps: props('namespace')},
    deviceConfigurations: [device],
  }
  const graph: ForeignGraph = {
    ...{name: 'everything', docString: 'a graph', metadataProps: props('graph')},
    input: [port('x', 2), port('w', 2), ...typedInputs()],
    output: [{...port('y', 2), docString: 'the result'}, {...port('y', 2), docString: 'again'}, port('a', 2)],
    initializer: [
      {name: 'first', dims: [2n], dataType: FLOAT, floatData: [3, 4]},
      {name: 'w', dims: [2n], dataType: FLOAT, floatData: [1, 2]},
      ...tensorsOfAllTypes(),
    ],
    sparseInitializer: [sparse('s')],
    node: [
      first,
      {...relu('a', 'y'), domain: 'ai.onnx'},
      {
        opType: 'Constant',
        output: ['sparse_constant'],
        attribute: [{name: 'sparse_value', type: Attr.SPARSE_TENSOR, sparseTensor: sparse('')}],
      },
    ],
    valueInfo: [port('gone', 7), {...port('a', 2), docString: 'described'}, port('x', 2), port('first', 2)],
    quantizationAnnotation: [{tensorName: 'a', quantParameterTensorNames: [{key: 'SCALE_TENSOR', value: 'w'}]}],
  }
  return foreignModel(graph, {
    ...{
      irVersion: 13n,
      producerName: 'somebody',
      producerVersion: '1',
      domain: 'com.example',
      modelVersion: 7n,
      docString: 'text',
    },
    opsetImport: [{version: 26n}, {domain: 'ai.onnx', version: 26n}, {domain: 'com.example', version: 3n}],
    metadataProps: props('model', 'author'),
    trainingInfo: [
      {initialization: addGraph({dims: [2n], dataType: FLOAT, floatData: [1, 2]}), updateBinding: props('w')},
    ],
    configuration: [{name: 'two', numDevices: 2, device: ['a', 'b']}],
  })
}

/** Files with what came after IR 8, by name; all written by onnx-buf. */
export const NEW_FORMS: Readonly<Record<string, Uint8Array>> = {
  'IR 9 with every type up to float8': ofTypes(9n, 19n, Type.FLOAT8E5M2FNUZ),
  'IR 10 with every type up to int4': ofTypes(10n, 21n, Type.INT4),
  'IR 11 with every type up to float4': ofTypes(11n, 23n, Type.FLOAT4E2M1),
  'IR 12 with every type up to float8e8m0': ofTypes(12n, 25n, Type.FLOAT8E8M0),
  'IR 13 with every type': ofTypes(13n, 26n, Type.INT2),
  'overloaded functions': withFunctions(),
  'devices, training and metadata everywhere': withEverything(),
}

function ofTypes(irVersion: bigint, version: bigint, last: Type): Uint8Array {
  const initializer = tensorsOfAllTypes().filter(({dataType = 0}) => dataType <= last)
  const node = [{opType: 'Sum', input: ['x', ...initializer.map(({name = ''}) => name)], output: ['y']}]
  return foreignModel(
    {name: 'types', input: [port('x', 6)], output: [port('y', 6)], node, initializer},
    {irVersion, opsetImport: [{version}]},
  )
}
