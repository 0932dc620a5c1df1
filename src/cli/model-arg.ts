import {Args, Flags} from '@oclif/core'
import {UsageError} from '../errors.js'

export const modelArg = Args.string({
  required: true,
  description: 'the ONNX model',
  parse: async (path) => refuseStdin(path),
})

/** A further model that a verb reads. */
export const modelFlag = Flags.custom<string>({parse: async (path) => refuseStdin(path), helpValue: 'FILE'})

/** @throws UsageError for `-`: a model is read at several places at once, which a stream cannot. */
export function refuseStdin(path: string): string {
  if (path !== '-') return path
  throw new UsageError("expected a model file, got '-' (standard input)", {hint: 'Save the model to a file first'})
}
