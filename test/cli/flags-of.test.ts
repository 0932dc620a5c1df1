import {readdirSync} from 'node:fs'
import {expect} from 'chai'
import {flagNamesOf, flagsOf} from '../../src/cli/flags-of.js'
import {benchOptions} from '../../src/options/bench.js'
import {dataOptions} from '../../src/options/common.js'
import {flagFacts} from '../../src/options/field.js'
import {quantizeOptions} from '../../src/options/quantize.js'
import {distillOptions} from '../../src/options/training.js'
import {fieldsOf} from '../../src/options/unwrapped.js'

describe('flagsOf', () => {
  it('takes defaults, choices, bounds and summaries from the schema', () => {
    const flags = flagsOf(quantizeOptions)
    expect(flags.mode).to.deep.include({default: 'auto', type: 'option'})
    expect(flags.mode).to.have.property('options').that.includes('static')
    expect(flags['block-size']).to.deep.include({default: 32, min: 8, max: 65536})
    expect(flags.output).to.deep.include({char: 'o', helpGroup: 'OUTPUT'})
    expect(flags.verify).to.deep.include({type: 'boolean', allowNo: true, default: true})
    expect(flags.limit).to.not.have.property('default')
    expect(flagsOf(distillOptions).student).to.deep.include({required: true})
  })

  it('takes the bounds of a list from those of its numbers', () => {
    const {batch, threads} = flagsOf(benchOptions)
    expect(threads).to.deep.include({min: 1, max: 1024})
    expect(batch).to.include({min: 1}).and.not.to.have.property('max')
  })

  it('names flags in kebab-case, or as the schema says', () => {
    const names = flagNamesOf(dataOptions)
    expect(names).to.include.members(['data', 'eval-labels', 'preprocess', 'std', 'label-column'])
  })

  it('has a line of help for every option of every verb', async () => {
    const files = readdirSync('src/options').filter((name) => name.endsWith('.ts'))
    for (const file of files) {
      const module: Record<string, unknown> = await import(`../../src/options/${file.replace('.ts', '.js')}`)
      for (const [name, schema] of Object.entries(module)) {
        if (!name.endsWith('Options') || typeof schema !== 'object') continue
        for (const [option, type] of fieldsOf(schema as never)) {
          if (flagFacts(type)) expect(type.description, `${name}.${option}`).to.match(/\w{3}/)
        }
      }
    }
  })
})
