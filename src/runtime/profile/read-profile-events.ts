/** One record of the profile that the runtime writes; times in microseconds. */
export interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args?: {
    readonly op_name?: string | undefined
    readonly provider?: string | undefined
    readonly node_index?: string | undefined
  }
}

/**
 * Reads a profile. ONNX Runtime 1.30 writes names of nodes and sizes into it as they are: one with a quote, a backslash or a line break
 * makes it no JSON. Then records are told apart by how they begin, and only what is needed is looked for in each.
 */
export function readProfileEvents(text: string): ProfileEvent[] {
  try {
    return JSON.parse(text) as ProfileEvent[]
  } catch {
    return text.split(/\n(?=\{"cat" : ")/).flatMap((record) => readRecord(record) ?? [])
  }
}

function readRecord(record: string): ProfileEvent | undefined {
  const head = /^\{"cat" : "(\w+)",.*?"dur" :(\d+),"ts" :(\d+),.*?"name" :"/.exec(record)
  if (!head) return undefined
  const [start, cat = '', dur, ts] = head
  const end = record.lastIndexOf('","args" : {')
  const name = record.slice(start.length, end)
  const args = record.slice(end)
  const argument = (key: string) => new RegExp(`"${key}" : "(\\w*)"`).exec(args)?.[1]
  const facts = {op_name: argument('op_name'), provider: argument('provider'), node_index: argument('node_index')}
  return {cat, name, ts: Number(ts), dur: Number(dur), args: facts}
}
