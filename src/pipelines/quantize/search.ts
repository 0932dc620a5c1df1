import {mkdtemp, rm, stat} from 'node:fs/promises'
import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {PairedDrop} from '../../judge/paired-drop.js'
import type {Choice} from '../../passes/quantize/plan/plan.js'
import {editsTo, type Level, movableLayers, weightBytes} from '../../passes/quantize/plan/safer-forms.js'
import type {Searched, Timing} from '../../results.js'
import {type Draft, planOfDraft, type Studio, type Written, writeDraft} from './draft.js'
import {layerErrors} from './sensitivity.js'

/** How much a written file drops against the float model, on samples that were given to judge on. */
export type MeasureDrop = (path: string, evalBatch: number) => Promise<PairedDrop>

export interface SearchTask {
  readonly reference: string
  /** The most the metric may drop. */
  readonly limit: number
  readonly measure: MeasureDrop
  /** Times a file beside the float model; no step is timed when absent. Nothing is chosen by it. */
  readonly time?: ((path: string) => Promise<Timing>) | undefined
  /** Samples to rank layers on; those the limit is judged on when absent. */
  readonly data: DataSpec
  /** For files, removed by the caller. */
  readonly folder: string
}

export interface SearchResult {
  readonly draft: Draft
  readonly searched: readonly Searched[]
  /** Whether the limit is held. */
  readonly isHeld: boolean
  readonly written?: Written | undefined
  /** What is to be said. */
  readonly message?: string | undefined
}

interface Evaluated {
  readonly moved: readonly Choice[]
  readonly level: Level
  readonly drop: PairedDrop
  readonly row: Searched
  readonly draft: Draft
  readonly written: Written
}

const BECAUSE = 'the search for --max-drop moved it'

/**
 * Moves as few layers as it can to safer forms, until a metric drops no more than it may: all as they are; all moved; then by the ranking
 * of layers, bisected; then each moved layer that saves most is put back where that holds as well. Every candidate is made of the float
 * model. At most 2 · log2(layers) + 8 evaluations.
 */
export async function search(studio: Studio, start: Draft, task: SearchTask): Promise<SearchResult> {
  return new Search(studio, start, task).run()
}

class Search {
  readonly #rows: Searched[] = []
  #count = 0

  constructor(
    private readonly studio: Studio,
    private readonly start: Draft,
    private readonly task: SearchTask,
  ) {}

  async run(): Promise<SearchResult> {
    const {plan} = await planOfDraft(this.studio, this.start)
    const layers = movableLayers(plan)
    const first = await this.#evaluate('as planned', [], 1)
    if (this.#holds(first)) return this.#end(first, true)
    for (const level of [1, 2] as const) {
      const safest = await this.#evaluate(
        level === 1 ? 'all layers in the next safer form' : 'all layers in float',
        layers,
        level,
      )
      if (!this.#holds(safest)) continue
      const ranked = (await layerErrors(this.studio, this.start, this.task)).map(({choice}) => choice)
      const least = await this.#bisect(ranked, level, safest)
      return this.#end(await this.#putBack(least, this.#most(layers.length)), true)
    }
    return this.#end(first, false)
  }

  #most(layers: number): number {
    return Math.floor(2 * Math.log2(Math.max(1, layers))) + 7
  }

  /** Within the limit by a standard error: other samples are drawn, too. */
  #holds({drop: {drop, standardError}}: Evaluated): boolean {
    return drop <= 0 || drop + standardError <= this.task.limit
  }

  /** The shortest beginning of the ranking that has to be moved. @param all moved holds. */
  async #bisect(ranked: readonly Choice[], level: Level, all: Evaluated): Promise<Evaluated> {
    let [fails, holds, best] = [0, ranked.length, all]
    while (holds - fails > 1) {
      const middle = Math.floor((fails + holds) / 2)
      const tried = await this.#evaluate(`the ${middle} most sensitive layers`, ranked.slice(0, middle), level)
      if (this.#holds(tried)) [holds, best] = [middle, tried]
      else fails = middle
    }
    return best
  }

  /** Of the moved layers, the largest first, those that were not needed. */
  async #putBack(least: Evaluated, most: number): Promise<Evaluated> {
    let best = least
    const bySize = [...least.moved].sort((a, b) => weightBytes(b.node) - weightBytes(a.node))
    for (const layer of bySize) {
      if (this.#count >= most || best.moved.length < 2) break
      const rest = best.moved.filter((one) => one !== layer)
      const tried = await this.#evaluate(`${rest.length} layers, '${layer.node.name}' put back`, rest, best.level)
      if (this.#holds(tried)) best = tried
    }
    return best
  }

  async #evaluate(what: string, moved: readonly Choice[], level: Level): Promise<Evaluated> {
    const {signal, progress} = this.studio.effects
    signal.throwIfAborted()
    progress(`searching: ${what}`, this.#count++, 0)
    const overrides = editsTo(moved, level, BECAUSE)
    const draft = {...this.start, overrides: [...overrides, ...(this.start.overrides ?? [])]}
    const folder = await mkdtemp(join(this.task.folder, 'search-'))
    const written = await writeDraft(this.studio, draft, folder)
    const drop = await this.task.measure(written.path, written.evalBatch)
    const {size} = await stat(written.path)
    const timing = await this.task.time?.(written.path)
    const [ms, ratio] = [timing?.after ?? null, timing?.ratio ?? null]
    const row = {what, layers: moved.length, ...drop, sizeBytes: size, ms, ratio, held: false, chosen: false}
    const evaluated = {moved, level, drop, row, draft, written}
    this.#rows.push({...row, held: this.#holds(evaluated)})
    await rm(folder, {recursive: true})
    return evaluated
  }

  #end(best: Evaluated, isHeld: boolean): SearchResult {
    const {drop, standardError, samples} = best.drop
    const searched = this.#rows.map((row) => ({...row, chosen: row.what === best.row.what}))
    const needed = Math.ceil(samples * (standardError / Math.max(1e-9, this.task.limit)) ** 2 * 4)
    const isNoise = standardError > this.task.limit / 2
    const message = isHeld
      ? isNoise && drop > 0
        ? `on ${samples} samples the drop is known to ${(200 * standardError).toFixed(2)} points only: about ${needed} samples would settle it`
        : undefined
      : 'even with all layers in float the metric drops more than it may on these samples'
    return {draft: best.draft, searched, isHeld, written: best.written, message}
  }
}
