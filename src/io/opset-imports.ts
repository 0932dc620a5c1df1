import type {Model} from '../ir/model.js'
import {MAX_OPSET} from '../ir/newest-opset.js'
import type {GraphProto, ModelProto, NodeProto} from '../proto/messages.js'
import {standardDomain} from './read-graph.js'

/** From this IR version on a file names its opsets. */
export const OPSETS_SINCE_IR = 3

/** Domains that ONNX Runtime 1.30 knows without being told. Seen in the imports it adds to a graph it saves. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set([
  ...['', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview', 'ai.onnx.preview.training'],
  ...['com.microsoft', 'com.microsoft.experimental', 'com.microsoft.nchwc', 'com.ms.internal.nhwc', 'org.pytorch.aten'],
])

export interface OpsetImports {
  /** Version per domain; the standard domain is ''. */
  readonly opsets: Map<string, number>
  readonly warnings: Model['warnings']
}

/**
 * The imports of a file as ONNX Runtime 1.30 takes them: of two for one domain the last holds, and a domain it knows is taken at its
 * newest version where a node needs it and the file names none. A written file says so itself, so that a later runtime reads it alike.
 */
export function opsetImports(proto: ModelProto): OpsetImports {
  const opsets = new Map<string, number>()
  const warnings: Model['warnings'] = []
  for (const {domain, version} of proto.opsetImport ?? []) {
    const [name, number, earlier] = [standardDomain(domain), Number(version ?? 0n), opsets.get(standardDomain(domain))]
    if (earlier !== undefined && earlier !== number) warnings.push(contradiction(name, earlier, number))
    opsets.set(name, number)
  }
  // a file without any is older than imports, or refused
  const usesStandard = proto.graph && foreignNode(proto.graph, (domain) => domain !== '') !== undefined
  if (opsets.size > 0 && !opsets.has('') && usesStandard) {
    opsets.set('', MAX_OPSET)
    warnings.push(assumption())
  }
  return {opsets, warnings}
}

/** Whether ONNX Runtime takes nodes of a domain: the file imports it, or the runtime needs not to be told. */
export function isImported(domain: string, opsets: ReadonlyMap<string, number>): boolean {
  return opsets.has(domain) || KNOWN_DOMAINS.has(domain)
}

/** The first node of a graph and its subgraphs whose domain is none of the known ones. */
export function foreignNode(graph: GraphProto, isKnown: (domain: string) => boolean): NodeProto | undefined {
  for (const node of graph.node ?? []) {
    if (!isKnown(standardDomain(node.domain))) return node
    for (const {g, graphs = []} of node.attribute ?? []) {
      for (const inner of g ? [g, ...graphs] : graphs) {
        const found = foreignNode(inner, isKnown)
        if (found) return found
      }
    }
  }
  return undefined
}

function contradiction(domain: string, earlier: number, last: number): Model['warnings'][number] {
  const message = `the file imports ${domain || 'ai.onnx'} in versions ${earlier} and ${last}: the last holds, as in ONNX Runtime`
  return {code: 'TWO_OPSETS', message}
}

function assumption(): Model['warnings'][number] {
  const message = `the file imports no opset of ai.onnx: read as ${MAX_OPSET}, the newest, as ONNX Runtime does`
  return {code: 'OPSET_ASSUMED', message, hint: 'if it was made for another, export it again with its opset named'}
}
