import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {budgetOptions, dataOptions, judgeOptions, outputOptions, runOptions} from '../src/cli/flag-options.js'
import {integer} from '../src/cli/flag-types.js'
import {budgetFlags, dataFlags, judgeFlags, metricFlags, modelArg, outputFlags, runFlags} from '../src/cli/flags.js'
import {simplifySummary} from '../src/cli/simplify-summary.js'
import {simplify} from '../src/pipelines/simplify/simplify.js'
import type {SimplifyResult} from '../src/results.js'

export default class Simplify extends BaseCommand {
  static override summary = 'make the graph of a model smaller: the same outputs from fewer nodes'
  static override description =
    `Folds constants, removes what does nothing or is there twice, fuses what belongs together.
The written model is run beside its input on several inputs; if an output differs, nothing is written and the rule to
blame is named. With --input-shape or --dim, the sizes become part of the model and what depends on them is folded.`
  static override usage = 'simplify MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx -o /tmp/',
    '<%= config.bin %> <%= command.id %> fixtures/models/bert_spam.onnx --dry-run --opset 17',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --input-shape input=1,1,28,28 --skip fuse-gemm',
  ]
  static override args = {model: modelArg}
  static override flags = {
    opset: integer({min: 1, summary: 'raise the model to this opset first'}),
    'dry-run': Flags.boolean({summary: 'say what would change, write nothing', default: false}),
    'fuse-ort': Flags.boolean({summary: 'fuse into operators that only ONNX Runtime has', default: false}),
    skip: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'leave a rule out (repeatable)',
      helpValue: 'RULE',
    }),
    'keep-initializer-inputs': Flags.boolean({summary: 'inputs with a default stay inputs', default: false}),
    ...outputFlags,
    ...dataFlags,
    ...judgeFlags,
    ...metricFlags,
    ...runFlags,
    ...budgetFlags,
  }

  async run(): Promise<SimplifyResult> {
    const {args, flags} = await this.parse(Simplify)
    const options = {
      opset: flags.opset,
      dryRun: flags['dry-run'],
      fuseOrt: flags['fuse-ort'],
      skip: flags.skip ?? [],
      keepInitializerInputs: flags['keep-initializer-inputs'],
      ...outputOptions(flags),
      ...dataOptions(flags),
      ...judgeOptions(flags),
      ...runOptions(flags),
      ...budgetOptions(flags),
    }
    const result = await simplify(args.model, options, {progress: this.progress, signal: this.signal})
    this.log(simplifySummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
