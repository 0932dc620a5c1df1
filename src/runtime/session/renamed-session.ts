import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {InferenceSession, Tensor} from 'onnxruntime-node'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import {isFree} from './speakable-names.js'

type Fetches = readonly string[] | Readonly<Record<string, Tensor | null>>

/**
 * A session of a copy of the model whose outputs have other names; the asker does not see the difference.
 *
 * @param create loads a model, as `createSession` does.
 */
export async function renamedSession(
  model: string | Uint8Array,
  create: (path: string) => Promise<InferenceSession>,
): Promise<InferenceSession> {
  return withTempFolder(async (folder) => {
    const [path, copy] = ['model.onnx', 'renamed.onnx'].map((name) => join(folder, name)) as [string, string]
    if (typeof model !== 'string') writeFileSync(path, model)
    const stands = await writeRenamed(typeof model === 'string' ? model : path, copy)
    return underOldNames(await create(copy), stands)
  })
}

/** @returns the names that stand for those that cannot be said. */
async function writeRenamed(path: string, target: string): Promise<Map<string, string>> {
  return writeVariant(path, target, ({model}) => rename(model))
}

function rename({graph}: Model): Map<string, string> {
  const stands = new Map<string, string>()
  for (const [index, value] of graph.outputs.entries()) {
    if (isFree(value.name)) continue
    const [stand] = graph.append({opType: 'Identity', inputs: [value], outputs: ['output']}).outputs
    if (!stand) continue
    stand.type = value.type
    graph.setOutput(index, stand)
    stands.set(value.name, stand.name)
  }
  return stands
}

/** @param stands old name → the name in the session. */
function underOldNames(session: InferenceSession, stands: ReadonlyMap<string, string>): InferenceSession {
  const olds = new Map([...stands].map(([old, stand]) => [stand, old]))
  const run = async (feeds: InferenceSession.FeedsType, fetches: Fetches = session.outputNames.map(oldName)) => {
    const results = await session.run(feeds, renamed(fetches) as string[])
    return Object.assign(
      Object.create(null),
      ...Object.entries(results).map(([name, value]) => own(oldName(name), value)),
    )
  }
  function oldName(name: string): string {
    return olds.get(name) ?? name
  }
  function renamed(fetches: Fetches): Fetches {
    const stand = (name: string): string => stands.get(name) ?? name
    if (isList(fetches)) return fetches.map(stand)
    return Object.fromEntries(Object.entries(fetches).map(([name, value]) => [stand(name), value]))
  }
  return Object.create(session, {
    outputNames: {value: session.outputNames.map(oldName)},
    outputMetadata: {value: session.outputMetadata.map((port) => ({...port, name: oldName(port.name)}))},
    run: {value: run},
  })
}

function isList(fetches: Fetches): fetches is readonly string[] {
  return Array.isArray(fetches)
}

function own<T>(name: string, value: T): Record<string, T> {
  return {[name]: value}
}
