import {isPacked, WEIGHT_TYPES, type WeightType} from '../numbers/weight-type.js'

type DType = WeightType['dtype']
type EightBits = Extract<DType, 'int8' | 'uint8'>

/** What can become of a node, with the type its weight gets. */
export type Form =
  | `static-${EightBits}`
  | `dynamic-${EightBits}`
  | `table-${EightBits}`
  | `blocks-${DType}`
  | `stored-${DType}`
  | 'float16'
  | 'float'
  | 'integer'
  | 'absorbed'

/** How a form is written: the part of its name before the type. */
export type Writer = 'static' | 'dynamic' | 'table' | 'blocks' | 'stored' | 'float16' | 'float' | 'integer' | 'absorbed'

/** What each way of writing means, for whoever reads a plan. */
export const WRITERS: Readonly<Record<Writer, string>> = {
  static: 'integer arithmetic, ranges from the data',
  dynamic: 'integer arithmetic, ranges of each run',
  table: 'rows stored as integers, turned back when they are read',
  blocks: "integers in blocks, in the runtime's own operators",
  stored: 'stored as integers, float arithmetic',
  float16: 'stored as float16',
  float: 'float',
  integer: 'on integers, as the layers around it',
  absorbed: 'part of the quantizer in front of it',
}

const DTYPES = Object.keys(WEIGHT_TYPES) as DType[]
const EIGHT_BITS: readonly EightBits[] = ['int8', 'uint8']

/** All forms, the fastest first. */
export const FORMS: readonly Form[] = [
  ...EIGHT_BITS.map((type): Form => `static-${type}`),
  ...EIGHT_BITS.map((type): Form => `dynamic-${type}`),
  ...EIGHT_BITS.map((type): Form => `table-${type}`),
  ...DTYPES.map((type): Form => `blocks-${type}`),
  ...DTYPES.map((type): Form => `stored-${type}`),
  'float16',
  'float',
  'integer',
  'absorbed',
]

export function writerOf(form: Form): Writer {
  return form.split('-')[0] as Writer
}

/** Whether the weight gets 4 bits. */
export function hasPackedWeight(form: Form): boolean {
  const type = weightTypeOf(form)
  return type !== undefined && isPacked(type)
}

/** The type of the weight; undefined for forms without integers of their own. */
export function weightTypeOf(form: Form): WeightType | undefined {
  const type = form.split('-')[1]
  return type === undefined ? undefined : WEIGHT_TYPES[type as DType]
}
