import {basename} from 'node:path'
import type {RunControl} from '../child/run-control.js'
import {type Answer, type RuntimeChild, startChild} from '../child/start-child.js'
import {task} from '../child/task.js'
import type {InputSource, SessionSettings} from '../session/session-settings.js'
import type {BlockRequest, LoadedModel, TimedBlock} from './time-task.js'

type TimeTask = typeof import('./time-task.js')
const PREPARE = task<TimeTask['prepare']>('runtime/time/time-task', 'prepare')
const LOAD = task<TimeTask['load']>('runtime/time/time-task', 'load')
const TIME_BLOCK = task<TimeTask['timeBlock']>('runtime/time/time-task', 'timeBlock')

export interface StartOptions extends RunControl {
  readonly source: InputSource
  /** Rows per run of data; synthetic inputs have theirs in the plan. */
  readonly batch: number
}

/** One model, loaded in a process of its own, which waits for blocks of runs. Close it. */
export class ModelProcess implements LoadedModel {
  readonly loadMs: number
  readonly inputs: LoadedModel['inputs']
  readonly outputs: LoadedModel['outputs']
  #peakRssBytes: number

  constructor(
    private readonly child: RuntimeChild,
    {output: loaded, peakRssBytes}: Answer<LoadedModel>,
  ) {
    this.#peakRssBytes = peakRssBytes
    this.loadMs = loaded.loadMs
    this.inputs = loaded.inputs
    this.outputs = loaded.outputs
  }

  /**
   * Runs the model again and again on the same input, until the budget or the number of recorded runs is used up.
   *
   * @throws RuntimeRefusedError, MachineError, InterruptedError; the process is gone then.
   */
  async timeBlock(request: BlockRequest): Promise<TimedBlock> {
    const {output, peakRssBytes} = await this.child.request(TIME_BLOCK, request)
    this.#peakRssBytes = peakRssBytes
    return output
  }

  /** The most memory it has held, up to its last answer. */
  get peakRssBytes(): number {
    return this.#peakRssBytes
  }

  close(): Promise<void> {
    return this.child.close()
  }
}

/** A child process that has loaded ONNX Runtime and no model yet. */
export interface ReadyModelProcess {
  /** Once; when it fails, the process is gone. @throws as `evaluate`. */
  load(): Promise<ModelProcess>
  close(): Promise<void>
}

/** Starts one model again and again, each time in a fresh process. The samples are read by the first process only. */
export function modelStarts(
  path: string,
  settings: SessionSettings,
  options: StartOptions,
): {begin(): Promise<ReadyModelProcess>} {
  const {source, batch} = options
  let known: LoadedModel['feeds']
  async function load(child: RuntimeChild): Promise<ModelProcess> {
    try {
      const fed = known ? {kind: 'arrays' as const, feeds: known} : source
      const loaded = await child.request(LOAD, {path, settings, source: fed, batch})
      known ??= loaded.output.feeds
      return new ModelProcess(child, loaded)
    } catch (error) {
      await child.close()
      throw error
    }
  }
  return {
    async begin() {
      const child = startChild(`running ${basename(path)}`, options)
      try {
        await child.request(PREPARE, undefined)
      } catch (error) {
        await child.close()
        throw error
      }
      return {load: () => load(child), close: () => child.close()}
    },
  }
}
