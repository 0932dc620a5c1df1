import {z} from 'zod'
import {TRANSFORM_ROOMS} from './common.js'
import {field} from './field.js'
import type {ReadOnly} from './read-only.js'

const own = z.strictObject({
  opset: field(z.int().min(1).optional(), 'raise the model to this opset first'),
  dryRun: field(z.boolean().default(false), 'say what would change, write nothing'),
  fuseOrt: field(z.boolean().default(false), 'fuse into operators that only ONNX Runtime has'),
  skip: field(z.array(z.string()).default([]), 'leave a rule out (repeatable)', {helpValue: 'RULE'}),
  keepInitializerInputs: field(z.boolean().default(false), 'inputs with a default stay inputs'),
})

export const simplifyOptions = z.strictObject({simplify: own.prefault({}), ...TRANSFORM_ROOMS})
export type SimplifyOptions = ReadOnly<z.output<typeof simplifyOptions>>
