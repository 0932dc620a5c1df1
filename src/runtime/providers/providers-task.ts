import {listSupportedBackends} from 'onnxruntime-node'
import {GraphBuilder} from '../../ir/build.js'
import {Graph} from '../../ir/graph.js'
import {emptyModel} from '../../ir/model.js'
import {toFeeds} from '../inputs/feeds.js'
import {createSession, runSession} from '../session/session.js'

/** A provider this build of ONNX Runtime knows, and whether its files came with the package. */
export interface Backend {
  readonly name: string
  readonly bundled: boolean
}

export async function listBackends(): Promise<Backend[]> {
  return listSupportedBackends().map(({name, bundled}) => ({name, bundled}))
}

/** Creates and runs the smallest model there is. @throws ProviderError with the runtime's reason. */
export async function tryProvider({provider}: {provider: string}): Promise<undefined> {
  const {encodeModel} = await import('../../io/encode-model.js')
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  build.output(build.op('Relu', [build.input('x', [1, 4])]))
  const session = await createSession(encodeModel(emptyModel(graph)), {provider, threads: 1})
  const data = Float32Array.of(-1, 0, 1, 2)
  await runSession(session, toFeeds({x: {dtype: 'float32', shape: [1, 4], data}}), session.outputNames, 'a test model')
  return undefined
}
