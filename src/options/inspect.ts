import {z} from 'zod'
import {shapeOptions} from './common.js'
import {field} from './field.js'
import type {ReadOnly} from './read-only.js'

const own = z.strictObject({
  layers: field(z.boolean().default(false), 'one line per layer: shape, parameters, MACs, zeros'),
  full: field(z.boolean().default(false), 'digest, compressed size and zeros also above 256 MB'),
})

export const inspectOptions = z.strictObject({inspect: own.prefault({}), run: shapeOptions.prefault({})})
export type InspectOptions = ReadOnly<z.output<typeof inspectOptions>>
