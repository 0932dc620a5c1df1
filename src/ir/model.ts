import type {Graph} from './graph.js'

/** A model-local function, kept as read: a call of it is a barrier until `simplify` inlines it. */
export interface FunctionDef {
  readonly domain: string
  readonly name: string
  readonly overload: string
  /** The file's own message; only io looks inside. */
  readonly wire: unknown
}

/** A whole ONNX file in memory. Weights stay in the file until they are read. */
export interface Model {
  graph: Graph
  irVersion: number
  /** Version per domain; the standard domain is ''. */
  opsets: Map<string, number>
  functions: FunctionDef[]
  metadata: Map<string, string>
  producer: {name: string; version: string}
  /** What the reader noticed, for the user: initializers that were also inputs, unnamed things. */
  warnings: {code: string; message: string; hint?: string}[]
  /** The file's own message, with all that mopt does not interpret; only io looks inside. */
  wire?: unknown
}

export function emptyModel(graph: Graph, opset = 17): Model {
  return {
    graph,
    irVersion: 8,
    opsets: new Map([['', opset]]),
    functions: [],
    metadata: new Map(),
    producer: {name: 'mopt', version: ''},
    warnings: [],
  }
}
