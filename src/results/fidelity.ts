import {z} from 'zod'

/** What an output means, and so how it is judged: docs/how-results-are-judged.md. */
export const OUTPUT_KINDS = [
  'labels',
  'scores',
  'places',
  'mask',
  'boxes',
  'detections',
  'tokens',
  'lines',
  'embedding',
  'regression',
  'state',
  'integers',
  'strings',
] as const
export const outputKind = z.enum(OUTPUT_KINDS)
export type OutputKind = z.infer<typeof outputKind>

/** One output of the written model beside the reference's. */
export const outputFidelity = z.object({
  name: z.string(),
  /** null where it is not known what it is: it is no tensor, or nothing was compared. */
  kind: outputKind.nullable(),
  /** What says that it is of this kind. */
  because: z.string(),
  /** What `value` is: `same labels`, `F1`, `IoU`. */
  measure: z.string().nullable(),
  /** 0..1, 1 when all is kept; null when it was not judged: see `reason`. */
  value: z.number().nullable(),
  /** Below this the result is called bad. */
  floor: z.number().nullable(),
  /** Why it was not judged, or not compared. */
  reason: z.string().nullable(),
  /** Names the reasons that decide something: the values were made up; on made-up inputs the output says nothing at all. */
  reasonCode: z.enum(['MADE_UP_INPUTS', 'FLAT_OUTPUT']).optional(),
  /** What belongs to the measure: `threshold`, `positives`, `kl`. */
  details: z.record(z.string(), z.number()),
  maxAbs: z.number().nullable(),
  cosine: z.number().nullable(),
  sqnrDb: z.number().nullable(),
})
export type OutputFidelity = z.infer<typeof outputFidelity>

/** How far the written model's outputs are from the reference's: the worst output's figures, and each output's own. */
export const fidelity = z.object({
  maxAbs: z.number().nullable(),
  cosine: z.number().nullable(),
  sqnrDb: z.number().nullable(),
  /** The least `value` of the outputs that were judged; null on made-up inputs and where none could be judged. */
  agreement: z.number().nullable(),
  inputs: z.enum(['data', 'synthetic']),
  /** What the outputs were held against: the file that was changed, the teacher, or the original that both come from. */
  against: z.enum(['input', 'teacher', 'original']),
  /** The output whose figures stand above; null when none was compared. */
  worst: z.string().nullable(),
  /** Samples that were compared. */
  samples: z.number(),
  outputs: z.array(outputFidelity),
})
export type Fidelity = z.infer<typeof fidelity>
