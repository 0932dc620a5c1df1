import {z} from 'zod'
import {outputOptions, TRANSFORM_ROOMS} from './common.js'
import {field} from './field.js'
import {pattern} from './patterns.js'
import type {ReadOnly} from './read-only.js'

const override = z.strictObject({pattern, to: z.enum(['float', 'float16', 'int8', 'uint8', 'stored-int8'])})

const own = z.strictObject({
  mode: field(
    z.enum(['auto', 'dynamic', 'static', 'weights', 'float16']).default('auto'),
    'auto chooses per operator; static needs --data; weights stores integers and computes in float',
  ),
  weights: field(
    z.enum(['int8', 'uint8', 'int4', 'uint4']).default('int8'),
    'type of the weights; 4 bits imply --mode weights; with --mode float16 all else computes in float16 (q4f16)',
  ),
  bits: field(
    z.number().min(4).max(8).optional(),
    'bits per weight on average: some layers in 4, others in 8; 4.5 for instance',
  ),
  activations: field(
    z.enum(['uint8', 'int8']).default('uint8'),
    'type of static activations; int8 is for GPUs, slower on CPUs',
  ),
  format: field(
    z.enum(['qdq', 'qoperator', 'ort']).default('qdq'),
    "how integers are written; ort: the runtime's MatMulNBits, in blocks",
  ),
  blockSize: field(
    z.int().min(8).max(65536).default(32),
    "weights that share 32 bits of scale, in 4-bit types: two float16 scales, or the runtime's one",
  ),
  rounding: field(
    z.enum(['auto', 'nearest', 'scale', 'gptq', 'awq']).default('auto'),
    'how 4-bit weights are rounded; auto: gptq by the inputs in --data, where these are enough, else scale: the range that loses least',
  ),
  perChannel: field(z.boolean().default(true), 'one scale per output channel', {allowNo: true}),
  calibration: field(
    z.enum(['auto', 'minmax', 'percentile', 'entropy', 'mse']).default('auto'),
    'how activation ranges are taken from --data; auto: minmax, mse or percentile, the first that keeps the answers',
  ),
  percentile: field(z.number().min(50).max(100).default(99.99), 'share of values inside the range, in percent'),
  exclude: field(z.array(pattern).default([]), 'leave nodes alone whose name or output matches (repeatable)', {
    ...{typed: 'patterns'},
  }),
  excludeOps: field(z.array(z.string()).default([]), 'leave operators of a type alone (repeatable)', {
    ...{flag: 'exclude-op', helpValue: 'TYPE'},
  }),
  overrides: field(z.array(override).default([]), 'type for the nodes that match (repeatable)', {
    ...{flag: 'override', typed: 'overrides'},
  }),
  naming: field(
    z.enum(['mopt', 'transformers.js']).default('mopt'),
    'how the file is called; transformers.js: onnx/model_q4.onnx and so on, as that library looks for it',
  ),
  keepIo: field(z.boolean().default(false), 'float16: inputs and outputs stay float32', {allowNo: true}),
  cpu: field(
    z.enum(['host', 'avx2', 'vnni', 'arm64', 'any']).default('host'),
    'processor to quantize for: without a dot-product instruction weights keep half their range',
  ),
  guard: field(
    z.boolean().default(true),
    'with --data, move layers to safer forms until the answers of the float model are kept',
    {allowNo: true},
  ),
  usePlan: field(z.string().optional(), 'do what a plan says, as --plan wrote it and you edited it', {
    ...{helpValue: 'FILE.yaml'},
  }),
  forBatch: field(z.int().min(1).max(65536).default(1), 'samples per run that the file is made for and timed with'),
  tune: field(
    z.boolean().default(false),
    "time the alternatives that rules can't settle, keep the fastest (up to some minutes)",
  ),
})

const output = outputOptions.extend({
  reports: field(
    z.array(z.string()).default([]),
    'write a report: .md or .json; with --sensitivity .md with a picture beside it, .svg or .json (repeatable)',
    {flag: 'report', helpValue: 'FILE'},
  ),
})

export const quantizeOptions = z.strictObject({
  quantize: own.prefault({}),
  ...TRANSFORM_ROOMS,
  output: output.prefault({}),
})
export type QuantizeOptions = ReadOnly<z.output<typeof quantizeOptions>>
