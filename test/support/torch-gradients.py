"""Writes fixtures/gradients/*.npz: loss gradients of the fixture models, computed by PyTorch in float64.

Run from the root of the repository with Debian's python3-torch and python3-onnx:
    python3 test/support/torch-gradients.py
Each file holds the inputs, the labels, the loss (mean cross-entropy), and per trained weight every k-th element of its
gradient, at most 256, with its L2 norm as `norm:<name>`. Weights: float initializers of rank 1 and more.
"""
import os

import numpy
import onnx
import torch
from onnx import numpy_helper

OUT = 'fixtures/gradients'
SAMPLES = 256


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def conv(x, w, b=None, *, strides, pads, group, dilations, **_):
    top, left, bottom, right = pads
    padded = torch.nn.functional.pad(x, (left, right, top, bottom))
    return torch.nn.functional.conv2d(padded, w, b, strides, 0, dilations, group)


def gemm(a, b, c=None, *, transA=0, transB=0, alpha=1.0, beta=1.0):
    y = alpha * ((a.T if transA else a) @ (b.T if transB else b))
    return y if c is None else y + beta * c


def divide(a, b):
    return a / b if a.is_floating_point() else a // b


def reshape(x, shape):
    sizes = [x.shape[i] if s == 0 else int(s) for i, s in enumerate(shape)]
    return x.reshape(sizes)


def batch_norm(x, scale, bias, mean, var, epsilon=1e-5, training=False, **_):
    return torch.nn.functional.batch_norm(x, mean.detach(), var.detach(), scale, bias, training, 0.0, epsilon)


def lstm(x, w, r, b, _lengths=None, h0=None, c0=None, *, hidden_size, direction=b'forward'):
    """ONNX's gates are i, o, f, c."""
    outputs = []
    for d in range(w.shape[0]):
        steps = list(range(x.shape[0]))
        if d == 1 or direction == b'reverse':
            steps.reverse()
        h = h0[d] if h0 is not None else torch.zeros(x.shape[1], hidden_size, dtype=x.dtype)
        c = c0[d] if c0 is not None else torch.zeros(x.shape[1], hidden_size, dtype=x.dtype)
        rows = [None] * x.shape[0]
        for t in steps:
            z = x[t] @ w[d].T + h @ r[d].T + b[d][: 4 * hidden_size] + b[d][4 * hidden_size :]
            i, o, f, g = z.split(hidden_size, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            rows[t] = h
        outputs.append(torch.stack(rows))
    return torch.stack(outputs, 1)


def slices(x, axes):
    for axis in sorted(axes):
        x = x.unsqueeze(axis)
    return x


def gather(x, i, axis=0):
    i = torch.where(i < 0, i + x.shape[axis], i)
    flat = torch.index_select(x, axis, i.reshape(-1))
    return flat.reshape(x.shape[:axis] + i.shape + x.shape[axis + 1 :])


def run(node, at, inputs, training):
    x = inputs[0] if inputs else None
    kind = node.op_type
    simple = {
        'Relu': torch.relu, 'Tanh': torch.tanh, 'Sqrt': torch.sqrt, 'Erf': torch.erf, 'Identity': lambda v: v,
        'Add': torch.add, 'Sub': torch.sub, 'Mul': torch.mul, 'Div': divide, 'Pow': torch.pow, 'MatMul': torch.matmul,
    }
    if kind in simple:
        return simple[kind](*inputs)
    if kind == 'Flatten':
        return x.reshape(x.shape[0], -1)
    if kind == 'Gemm':
        return gemm(*inputs, **at)
    if kind == 'Conv':
        rank = len(at['kernel_shape'])
        full = {'strides': [1] * rank, 'pads': [0] * 2 * rank, 'group': 1, 'dilations': [1] * rank, **at}
        return conv(*inputs, **full)
    if kind == 'MaxPool':
        return torch.nn.functional.max_pool2d(x, at['kernel_shape'], at['strides'])
    if kind == 'GlobalAveragePool':
        return x.mean((2, 3), keepdim=True)
    if kind == 'BatchNormalization':
        return batch_norm(*inputs, epsilon=at.get('epsilon', 1e-5), training=training)
    if kind == 'Clip':
        return torch.clamp(x, *[float(v) for v in inputs[1:]])
    if kind == 'Softmax':
        return torch.softmax(x, at.get('axis', -1))
    if kind == 'ReduceMean':
        return x.mean(at['axes'], keepdim=bool(at.get('keepdims', 1)))
    if kind == 'ReduceMax':
        return x.amax(at['axes'], keepdim=bool(at.get('keepdims', 1)))
    if kind == 'Shape':
        return torch.tensor(x.shape)
    if kind == 'Constant':
        return torch.tensor(numpy_helper.to_array(at['value']))
    if kind == 'ConstantOfShape':
        value = numpy_helper.to_array(at['value'])[0]
        return torch.full([int(s) for s in x], value.item(), dtype=torch.tensor(value).dtype)
    if kind == 'Cast':
        return x.to({1: torch.float64, 6: torch.int32, 7: torch.int64, 9: torch.bool}[at['to']])
    if kind == 'Range':
        return torch.arange(int(inputs[0]), int(inputs[1]), int(inputs[2]))
    if kind == 'Unsqueeze':
        return slices(x, [int(a) + (x.dim() + 1 if a < 0 else 0) for a in inputs[1]])
    if kind == 'Concat':
        return torch.cat(inputs, at['axis'])
    if kind == 'Reshape':
        return reshape(x, inputs[1])
    if kind == 'Transpose':
        return x.permute(*at['perm'])
    if kind == 'Gather':
        return gather(x, inputs[1], at.get('axis', 0))
    if kind == 'LSTM':
        return lstm(*inputs, **at)
    raise NotImplementedError(kind)


def widen(tensor):
    return tensor.double() if tensor.is_floating_point() else tensor


def gradients(name, feeds, labels, training=False):
    graph = onnx.load(f'fixtures/models/{name}.onnx').graph
    values = {key: widen(torch.tensor(value)) for key, value in feeds.items()}
    weights = {}
    for initializer in graph.initializer:
        tensor = widen(torch.tensor(numpy_helper.to_array(initializer)))
        values[initializer.name] = tensor
        if tensor.is_floating_point() and tensor.dim() > 0:
            weights[initializer.name] = tensor.requires_grad_()
    for node in graph.node:
        result = run(node, attributes(node), [values[i] if i else None for i in node.input], training)
        values[node.output[0]] = widen(result)
    loss = torch.nn.functional.cross_entropy(values[graph.output[0].name], torch.tensor(labels))
    found = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    arrays = {**feeds, 'label': labels, 'loss': numpy.array([loss.item()])}
    for key, gradient in zip(weights, found):
        if gradient is None:
            continue
        flat = gradient.reshape(-1).numpy()
        arrays[key] = flat[:: max(1, -(-len(flat) // SAMPLES))]
        arrays['norm:' + key] = numpy.array([numpy.linalg.norm(flat)])
    numpy.savez_compressed(f'{OUT}/{name}{"_training" if training else ""}.npz', **arrays)
    print(name, training, loss.item(), len(found), max(a.size for a in arrays.values()))


def onnx_order(tensor, hidden):
    """PyTorch's gates are r, z, n; ONNX's z, r, n."""
    r, z, n = tensor.split(hidden, 0)
    return torch.cat([z, r, n])


def gru(steps=16, batch=4, inputs=6, hidden=8):
    """A bidirectional torch.nn.GRU; the loss is the sum of its outputs times `factor`."""
    torch.manual_seed(3)
    layer = torch.nn.GRU(inputs, hidden, bidirectional=True).double()
    for parameter in layer.parameters():
        parameter.data = parameter.data.float().double()
    x = torch.randn(steps, batch, inputs).double().requires_grad_()
    factor = torch.randn(steps, 2, batch, hidden).double()
    y, _ = layer(x)
    loss = (y.reshape(steps, batch, 2, hidden).transpose(1, 2) * factor).sum()
    parameters = dict(layer.named_parameters())
    found = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values()), retain_graph=True)))

    def join(values, name):
        return torch.stack([onnx_order(values[name + end], hidden) for end in ('', '_reverse')])

    def pack(values):
        biases = [join(values, 'bias_ih_l0'), join(values, 'bias_hh_l0')]
        return [join(values, 'weight_ih_l0'), join(values, 'weight_hh_l0'), torch.cat(biases, 1)]

    arrays = dict(zip(('w', 'r', 'b'), pack({k: v.detach() for k, v in parameters.items()})))
    arrays.update(x=x.detach(), factor=factor)
    floats = {key: value.float().numpy() for key, value in arrays.items()}
    gradients_of = dict(zip(('dw', 'dr', 'db'), pack(found)), dx=torch.autograd.grad(loss, x)[0])
    numpy.savez_compressed(f'{OUT}/gru.npz', **floats, **{key: value.numpy() for key, value in gradients_of.items()})


def main():
    os.makedirs(OUT, exist_ok=True)
    random = numpy.random.RandomState(7)
    images = {'input': random.randn(8, 1, 28, 28).astype(numpy.float32)}
    digits = random.randint(0, 10, 8).astype(numpy.int64)
    for name in ('mlp_fm', 'cnn_fm', 'resnet8_fm_bn', 'mobile_fm_bn'):
        gradients(name, images, digits)
    for name in ('resnet8_fm_bn', 'mobile_fm_bn'):
        gradients(name, images, digits, training=True)
    mails = numpy.load('fixtures/spam/spam_test.npz')
    kinds = mails['label'][:6].astype(numpy.int64)
    tokens = {key: mails[key][:6] for key in ('input_ids', 'attention_mask')}
    gradients('bert_spam', tokens, 1 - kinds)
    gradients('lstm_spam', {'input_ids': tokens['input_ids']}, 1 - kinds)
    gru()


if __name__ == "__main__":
    main()
