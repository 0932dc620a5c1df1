import type {Bytes} from './byte-span.js'

/**
 * The decoded messages, as plain objects: absent fields are missing, int64 is bigint, names are in camel case.
 * Messages that mopt only carries (devices, training, annotations) are `Opaque`: decoded by the schema all the same.
 */
export interface Opaque {
  /** Fields the schema does not know, tag and all, written back after the others. */
  unknownFields?: Uint8Array[]
}

export interface ModelProto extends Opaque {
  irVersion?: bigint
  opsetImport?: OperatorSetIdProto[]
  producerName?: string
  producerVersion?: string
  domain?: string
  modelVersion?: bigint
  docString?: string
  graph?: GraphProto
  metadataProps?: StringStringEntryProto[]
  trainingInfo?: Opaque[]
  functions?: FunctionProto[]
  configuration?: Opaque[]
}

export interface OperatorSetIdProto extends Opaque {
  domain?: string
  version?: bigint
}

export interface StringStringEntryProto extends Opaque {
  key?: string
  value?: string
}

export interface GraphProto extends Opaque {
  node?: NodeProto[]
  name?: string
  initializer?: TensorProto[]
  sparseInitializer?: SparseTensorProto[]
  docString?: string
  input?: ValueInfoProto[]
  output?: ValueInfoProto[]
  valueInfo?: ValueInfoProto[]
  quantizationAnnotation?: Opaque[]
  metadataProps?: StringStringEntryProto[]
}

export interface NodeProto extends Opaque {
  input?: string[]
  output?: string[]
  name?: string
  opType?: string
  domain?: string
  overload?: string
  attribute?: AttributeProto[]
  docString?: string
  metadataProps?: StringStringEntryProto[]
  deviceConfigurations?: Opaque[]
}

export interface AttributeProto extends Opaque {
  name?: string
  refAttrName?: string
  docString?: string
  type?: number
  f?: number
  i?: bigint
  s?: Uint8Array
  t?: TensorProto
  g?: GraphProto
  sparseTensor?: SparseTensorProto
  tp?: TypeProto
  floats?: number[]
  ints?: bigint[]
  strings?: Uint8Array[]
  tensors?: TensorProto[]
  graphs?: GraphProto[]
  sparseTensors?: SparseTensorProto[]
  typeProtos?: TypeProto[]
}

export interface TensorProto extends Opaque {
  dims?: bigint[]
  dataType?: number
  segment?: {begin?: bigint; end?: bigint} & Opaque
  /** Blocks of packed numbers, as the file has them; `unpack` in packed.ts reads them. */
  floatData?: Bytes[]
  int32Data?: Bytes[]
  stringData?: Uint8Array[]
  int64Data?: Bytes[]
  name?: string
  docString?: string
  rawData?: Bytes
  externalData?: StringStringEntryProto[]
  dataLocation?: number
  doubleData?: Bytes[]
  uint64Data?: Bytes[]
  metadataProps?: StringStringEntryProto[]
}

export interface SparseTensorProto extends Opaque {
  values?: TensorProto
  indices?: TensorProto
  dims?: bigint[]
}

export interface ValueInfoProto extends Opaque {
  name?: string
  type?: TypeProto
  docString?: string
  metadataProps?: StringStringEntryProto[]
}

export interface ElementTypeProto extends Opaque {
  elemType?: number
  shape?: TensorShapeProto
}

export interface TypeProto extends Opaque {
  tensorType?: ElementTypeProto
  sequenceType?: {elemType?: TypeProto} & Opaque
  mapType?: {keyType?: number; valueType?: TypeProto} & Opaque
  optionalType?: {elemType?: TypeProto} & Opaque
  sparseTensorType?: ElementTypeProto
  opaqueType?: {domain?: string; name?: string} & Opaque
  denotation?: string
}

export interface TensorShapeProto extends Opaque {
  dim?: DimensionProto[]
}

export interface DimensionProto extends Opaque {
  dimValue?: bigint
  dimParam?: string
  denotation?: string
}

export interface FunctionProto extends Opaque {
  name?: string
  input?: string[]
  output?: string[]
  attribute?: string[]
  attributeProto?: AttributeProto[]
  node?: NodeProto[]
  docString?: string
  opsetImport?: OperatorSetIdProto[]
  domain?: string
  overload?: string
  valueInfo?: ValueInfoProto[]
  metadataProps?: StringStringEntryProto[]
}

/** Messages that can be decoded and encoded on their own. */
export interface Messages {
  ModelProto: ModelProto
  GraphProto: GraphProto
  TensorProto: TensorProto
  TypeProto: TypeProto
}

/** AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPE = {
  undefined: 0,
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  sparseTensor: 11,
  sparseTensors: 12,
  type: 13,
  types: 14,
} as const

/** TensorProto.DataLocation.EXTERNAL. */
export const EXTERNAL = 1
