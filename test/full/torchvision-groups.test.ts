import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DataFolder} from '../support/data-folder.js'
import {tryRemoval} from '../support/group-trial.js'
import {floatFeed} from '../support/pass-trial.js'

/** Where test/full/export-torchvision.py has put its files; without it there is nothing to test. */
const MODELS = process.env.MOPT_TORCHVISION ?? ''
const names = existsSync(MODELS)
  ? readdirSync(MODELS).flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -5)] : []))
  : []
/** Architectures of which heads can be removed too. */
const WITH_HEADS: ReadonlySet<string> = new Set(['vit_b_16', 'swin_t'])

describe('groups of torchvision models', () => {
  const folder = new DataFolder()
  after(() => folder.remove())

  for (const name of names) {
    const side = name === 'inception_v3' ? 299 : 224
    const feeds = {x: floatFeed([1, 3, side, side])}
    for (const structure of WITH_HEADS.has(name)
      ? (['channel', 'head', 'head-dim'] as const)
      : (['channel'] as const)) {
      for (const sparsity of [0.3, 0.5]) {
        it(`${name}: ${100 * sparsity} % of a ${structure}'s units go as if they had been zero`, async () => {
          const {error, peak, finite, macs, removed, units} = await tryRemoval(
            join(MODELS, `${name}.onnx`),
            folder.path,
            feeds,
            {structure, sparsity},
          )
          if (process.env.MOPT_SHOW) console.log(name, structure, sparsity, `${removed}/${units}`, macs, error, peak)
          expect(finite).to.equal(true)
          expect(peak, 'the largest output').to.be.above(0)
          expect(error).to.be.at.most(1e-5 * Math.max(1, peak))
          expect(macs.after).to.equal(macs.predicted)
          expect(macs.after).to.be.below(macs.before)
        })
      }
    }
  }
})
