import type {InferenceSession, Tensor} from 'onnxruntime-node'
import {createSession, releaseSession, runSession} from './session.js'
import type {SessionSettings} from './session-settings.js'
import {withoutCopies} from './without-copies.js'

/** A stretch of a model as a file of its own. */
export interface ModelStage {
  readonly path: string
  /** What it is called here, and in the whole model. */
  readonly inputs: readonly (readonly [name: string, value: string])[]
  /** Under the names of the whole model. */
  readonly outputs: readonly string[]
}

/** A head tied to the embeddings is read turned around then, where folding it makes a turned copy. */
const UNFOLDED = {'optimization.disable_specified_optimizers': 'ConstantFolding'}

type Run = Pick<InferenceSession, 'inputNames' | 'outputNames' | 'inputMetadata' | 'outputMetadata' | 'run' | 'release'>

/**
 * A session of a model that is in memory one stretch at a time: each is loaded, run and given back before the next. Its answers are the
 * whole model's, up to rounding.
 *
 * @param path of the whole model, which says what its inputs and outputs are.
 * @param stages in execution order.
 */
export async function stagedSession(
  path: string,
  stages: readonly ModelStage[],
  settings: SessionSettings,
): Promise<InferenceSession> {
  const plain = await withoutCopies(path, {...settings, optimization: 'disabled'})
  const whole = await createSession(path, plain)
  const {inputNames, outputNames, inputMetadata, outputMetadata} = whole
  await releaseSession(whole)
  const frugal = {...settings, extra: {...settings.extra, ...plain.extra, ...UNFOLDED}}
  const run = async (feeds: InferenceSession.FeedsType, fetches: unknown = outputNames) => {
    const values = new Map(Object.entries(feeds) as [string, Tensor][])
    for (const stage of stages) await runStage(stage, values, frugal)
    const wanted = (Array.isArray(fetches) ? fetches : Object.keys(fetches as object)) as readonly string[]
    return Object.fromEntries(wanted.map((name) => [name, values.get(name) as Tensor]))
  }
  const staged: Run = {inputNames, outputNames, inputMetadata, outputMetadata, run, release: async () => {}}
  return staged as InferenceSession
}

/** @param values by their names in the whole model; those of the stage are added. */
async function runStage(stage: ModelStage, values: Map<string, Tensor>, settings: SessionSettings): Promise<void> {
  const session = await createSession(stage.path, settings)
  try {
    const feeds = stage.inputs.map(([name, value]) => [name, values.get(value) as Tensor] as const)
    const results = await runSession(session, Object.fromEntries(feeds), stage.outputs, stage.path)
    for (const name of stage.outputs) values.set(name, results[name] as Tensor)
  } finally {
    await releaseSession(session)
  }
}
