import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.js'
import {budgetOptions, dataOptions, judgeOptions, outputOptions, runOptions} from '../src/cli/flag-options.js'
import {pattern, ratio} from '../src/cli/flag-types.js'
import {budgetFlags, dataFlags, judgeFlags, modelArg, outputFlags, runFlags} from '../src/cli/flags.js'
import {recoveryFlags, recoveryOptions} from '../src/cli/recovery-flags.js'
import {pruneSummary} from '../src/cli/writing-summary.js'
import {prune} from '../src/pipelines/prune/prune.js'
import type {PruneResult} from '../src/results.js'

export default class Prune extends BaseCommand {
  static override summary = 'set the least important weights of a model to zero'
  static override description =
    `Without training, by magnitude alone, this is honest up to about 30 %: judge the rest with --eval.
With --epochs weights go little by little, and those that stay learn to do without them, from labels or from the dense model.
Zeros compress well; no kernel gets faster by them.`
  static override usage = 'prune MODEL [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx -o /tmp/ --sparsity 50%',
    '<%= config.bin %> <%= command.id %> fixtures/models/cnn_fm.onnx -o /tmp/ --scope layer --exclude fc2 --eval fixtures/fashion-mnist/t10k-images-idx3-ubyte.gz --mean 0.286 --std 0.353 --max-drop 2%',
    '<%= config.bin %> <%= command.id %> fixtures/models/mlp_fm.onnx -o /tmp/sparse.onnx --sparsity 80% --epochs 5 --data fixtures/fashion-mnist/train-images-idx3-ubyte.gz --mean 0.286 --std 0.353',
  ]
  static override args = {model: modelArg}
  static override flags = {
    sparsity: ratio({default: 0.3, summary: 'share of the weights that become zero'}),
    structure: Flags.option({
      options: ['none'] as const,
      default: 'none' as const,
      summary: 'none: single weights, wherever they are',
    })(),
    scope: Flags.option({
      options: ['global', 'layer'] as const,
      default: 'global' as const,
      summary: 'the share of the whole model, from where it costs least, or the same share of every layer',
    })(),
    exclude: pattern({multiple: true, summary: 'leave nodes alone whose name or output matches (repeatable)'}),
    include: pattern({
      multiple: true,
      summary: 'prune nodes that match although a rule leaves them dense: layers whose state is fed back (repeatable)',
    }),
    ...outputFlags,
    ...dataFlags,
    ...judgeFlags,
    ...recoveryFlags,
    ...runFlags,
    ...budgetFlags,
  }

  async run(): Promise<PruneResult> {
    const {args, flags, metadata} = await this.parse(Prune)
    const isGiven = (name: string) => metadata.flags[name]?.setFromDefault !== true
    const options = {
      sparsity: flags.sparsity,
      scope: flags.scope,
      exclude: flags.exclude ?? [],
      include: flags.include ?? [],
      recovery: recoveryOptions(flags, isGiven, ['prune', ...this.argv]),
      ...outputOptions(flags),
      ...dataOptions(flags),
      ...judgeOptions(flags),
      ...runOptions(flags),
      ...budgetOptions(flags),
    }
    const result = await prune(args.model, options, {progress: this.progress, signal: this.signal})
    this.log(pruneSummary(result, flags.verbose === true))
    return this.finish(result)
  }
}
