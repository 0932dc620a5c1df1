import {z} from 'zod'
import {machine} from './bench.js'
import {document} from './common.js'

export const doctorResult = z.object({
  ...document,
  machine,
  providers: z.array(
    z.object({
      name: z.string(),
      bundled: z.boolean(),
      loads: z.boolean(),
      reason: z.string().nullable(),
      install: z.string().nullable(),
    }),
  ),
  advice: z.array(z.string()),
})
export type DoctorResult = z.infer<typeof doctorResult>
