import type {DType, TensorData} from '../../ir/dtype.js'
import {createSession, releaseSession, runSession} from '../session/session.js'

export interface FoldRequest {
  /** A whole model without inputs. */
  readonly model: Uint8Array
  /** Names of its outputs, in order. */
  readonly outputs: readonly string[]
}

export type FoldReply =
  | {
      readonly tensors: readonly {
        readonly dtype: DType
        readonly shape: readonly number[]
        readonly data: TensorData
      }[]
    }
  | {readonly refused: string}

/** One thread, no optimizations: what is computed in advance is what the kernels would compute. */
const SETTINGS = {provider: 'cpu', threads: 1, optimization: 'disabled'} as const
const NAME = 'the constant part of the model'

/** Computes the outputs of a model without inputs. A refusal of the runtime is an answer: the child lives on for the next question. */
export async function fold({model, outputs}: FoldRequest): Promise<FoldReply> {
  try {
    const session = await createSession(model, SETTINGS, {}, NAME)
    const results = await runSession(session, {}, outputs, NAME)
    await releaseSession(session)
    const tensors = outputs.map((name) => {
      const {type, dims, data} = results[name] as {type: string; dims: readonly number[]; data: unknown}
      return {dtype: type as DType, shape: dims, data: data as TensorData}
    })
    return {tensors}
  } catch (error) {
    return {refused: error instanceof Error ? error.message : String(error)}
  }
}
