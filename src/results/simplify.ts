import {z} from 'zod'
import {metricPair, writing} from './common.js'

export const simplifyResult = z.object({
  ...writing,
  metric: metricPair,
  /** Nodes that compute something, those of subgraphs included. */
  nodes: z.object({before: z.number(), after: z.number()}),
  opset: z.object({before: z.number(), after: z.number()}),
  /** Nothing was written: `output` says what would have been. */
  dryRun: z.boolean(),
})
export type SimplifyResult = z.infer<typeof simplifyResult>
