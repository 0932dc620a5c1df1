import {expect} from 'chai'
import {DataFolder} from '../support/data-folder.js'
import {tryRemoval} from '../support/group-trial.js'
import {modelZoo, type ZooModel} from '../support/model-zoo.js'

/** Activations of these add a learned number to what they scale, the same for all channels: zero does not stay zero. */
const MOVES_ZERO = /^ocr/
/** All that they compute stands in branches of If. */
const WITHOUT_GROUPS = /^(silero|branches)/
/** Rounding in front of a softmax over thousands of classes. */
const BOUNDS: Readonly<Record<string, number>> = {'ocr recognizer': 1e-4}
/** Models of which heads can be removed. */
const WITH_HEADS: ReadonlySet<string> = new Set(['bert_spam', 'gpt'])

describe('groups of the zoo', () => {
  const folder = new DataFolder()
  let zoo: ZooModel[] = []
  before(async () => {
    zoo = await modelZoo(folder.path)
  })
  after(() => folder.remove())

  for (const structure of ['channel', 'head', 'head-dim'] as const) {
    for (const sparsity of [0.3, 0.5]) {
      it(`go as if they had been zero, ${100 * sparsity} % of each ${structure}'s units`, async () => {
        for (const {name, path, held} of zoo) {
          if (WITHOUT_GROUPS.test(name) || (structure !== 'channel' && !WITH_HEADS.has(name))) continue
          const [feeds = {}] = held
          const inputShapes = Object.fromEntries(Object.entries(feeds).map(([input, {dims}]) => [input, dims]))
          const {error, peak, finite, macs, removed, units} = await tryRemoval(path, folder.path, feeds, {
            structure,
            sparsity,
            inputShapes,
            readersToo: MOVES_ZERO.test(name),
          })
          if (process.env.MOPT_SHOW) console.log(name, structure, sparsity, `${removed}/${units}`, macs, error, peak)
          expect(finite, name).to.equal(true)
          expect(peak, name).to.be.above(0)
          expect(error, name).to.be.at.most((BOUNDS[name] ?? 1e-5) * Math.max(1, peak))
          expect(removed, name).to.be.above(0)
          if (macs.after !== undefined) expect(macs.after, name).to.equal(macs.predicted)
        }
      })
    }
  }
})
