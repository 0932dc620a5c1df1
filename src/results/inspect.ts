import {z} from 'zod'
import {document} from './common.js'

/** A size that is a number, a name or expression, or unknown. */
const dim = z.union([z.number(), z.string(), z.null()])
const port = z.object({name: z.string(), dtype: z.string().nullable(), shape: z.array(dim).nullable()})
export type Port = z.infer<typeof port>

export const layer = z.object({
  node: z.string(),
  op: z.string(),
  outputShape: z.array(dim).nullable(),
  dtype: z.string().nullable(),
  parameters: z.number(),
  bytes: z.number(),
  macs: z.number().nullable(),
  sparsity: z.number().nullable(),
})
export type Layer = z.infer<typeof layer>

export const inspectResult = z.object({
  ...document,
  model: z.object({
    path: z.string(),
    sizeBytes: z.number(),
    compressedBytes: z.number().nullable(),
    sha256: z.string().nullable(),
    irVersion: z.number(),
    opsets: z.record(z.string(), z.number()),
    producer: z.string(),
    inputs: z.array(port),
    outputs: z.array(port),
    nodes: z.number(),
    ops: z.record(z.string(), z.number()),
    parameters: z.object({
      count: z.number(),
      bytes: z.number(),
      zeros: z.number().nullable(),
      sparsity: z.number().nullable(),
      byDtype: z.record(z.string(), z.number()),
    }),
    macs: z.number().nullable(),
    quantization: z.string(),
  }),
  layers: z.array(layer).optional(),
})
export type InspectResult = z.infer<typeof inspectResult>
