import {type InferenceSession, Tensor} from 'onnxruntime-node'
import {toFloat16} from '../../ir/float16.js'
import type {Feeds} from '../session/session.js'

/** The same inputs for a model that takes in float16 what these give in float32. */
export function halvedFeeds(session: InferenceSession, feeds: Feeds): Feeds {
  const halves = session.inputMetadata.filter(({name, ...port}) => {
    return port.isTensor && 'type' in port && port.type === 'float16' && feeds[name]?.type === 'float32'
  })
  if (halves.length === 0) return feeds
  const made = halves.map(({name}) => {
    const {data, dims} = feeds[name] as Tensor
    return [name, new Tensor('float16', Uint16Array.from(data as Float32Array, toFloat16), dims)] as const
  })
  return {...feeds, ...Object.fromEntries(made)}
}
