/**
 * Writes a GGUF file (version 3) of a Llama model with random weights: one layer, 64 dimensions, and a vocabulary of bytes. It
 * loads and runs like any other, and what it writes means nothing.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function tinyGguf(random: () => number): Buffer {
  const tokens = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => `<0x${hex(byte)}>`)]
  // Types of tokens: 2 unknown, 3 control, 6 byte.
  const types = tokens.map((_, index) => (index === 0 ? 2 : index < 3 ? 3 : 6))
  const metadata = [
    text('general.architecture', 'llama'),
    text('general.name', 'tiny'),
    uint32('llama.context_length', 16_384),
    uint32('llama.embedding_length', width),
    uint32('llama.block_count', 1),
    uint32('llama.feed_forward_length', hidden),
    uint32('llama.attention.head_count', 4),
    uint32('llama.attention.head_count_kv', 4),
    uint32('llama.rope.dimension_count', width / 4),
    float32('llama.attention.layer_norm_rms_epsilon', 1e-5),
    text('tokenizer.ggml.model', 'llama'),
    array('tokenizer.ggml.tokens', kind.string, tokens.map(encodeText)),
    array(
      'tokenizer.ggml.scores',
      kind.float32,
      tokens.map(() => encodeFloat(0)),
    ),
    array('tokenizer.ggml.token_type', kind.int32, types.map(encodeUint)),
    uint32('tokenizer.ggml.unknown_token_id', 0),
    uint32('tokenizer.ggml.bos_token_id', 1),
    uint32('tokenizer.ggml.eos_token_id', 2),
  ]
  const tensors: readonly (readonly [string, readonly number[]])[] = [
    ['token_embd.weight', [width, tokens.length]],
    ['output_norm.weight', [width]],
    ['output.weight', [width, tokens.length]],
    ['blk.0.attn_norm.weight', [width]],
    ['blk.0.attn_q.weight', [width, width]],
    ['blk.0.attn_k.weight', [width, width]],
    ['blk.0.attn_v.weight', [width, width]],
    ['blk.0.attn_output.weight', [width, width]],
    ['blk.0.ffn_norm.weight', [width]],
    ['blk.0.ffn_gate.weight', [width, hidden]],
    ['blk.0.ffn_up.weight', [width, hidden]],
    ['blk.0.ffn_down.weight', [hidden, width]],
  ]
  let offset = 0
  const descriptions: Buffer[] = []
  const weights: Buffer[] = []
  for (const [name, shape] of tensors) {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = Buffer.alloc(Math.ceil((count * 4) / alignment) * alignment)
    // A norm multiplies: near 1. Other weights are small.
    for (let index = 0; index < count; index++) {
      data.writeFloatLE(shape.length === 1 ? 1 : (random() - 0.5) / 2, index * 4)
    }
    const dimensions = shape.map((size) => encodeUint64(size))
    descriptions.push(
      encodeText(name),
      encodeUint(shape.length),
      ...dimensions,
      encodeUint(0),
      encodeUint64(offset),
    )
    weights.push(data)
    offset += data.length
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    encodeUint(3),
    encodeUint64(tensors.length),
    encodeUint64(metadata.length),
    ...metadata,
    ...descriptions,
  ])
  const padding = Buffer.alloc((alignment - (head.length % alignment)) % alignment)
  return Buffer.concat([head, padding, ...weights])
}

const width = 64
const hidden = 128
const alignment = 32

/** Kinds of values in the metadata. */
const kind = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const

function text(key: string, value: string): Buffer {
  return Buffer.concat([encodeText(key), encodeUint(kind.string), encodeText(value)])
}

function uint32(key: string, value: number): Buffer {
  return Buffer.concat([encodeText(key), encodeUint(kind.uint32), encodeUint(value)])
}

function float32(key: string, value: number): Buffer {
  return Buffer.concat([encodeText(key), encodeUint(kind.float32), encodeFloat(value)])
}

function array(key: string, of: number, values: readonly Buffer[]): Buffer {
  const head = [encodeText(key), encodeUint(kind.array), encodeUint(of), encodeUint64(values.length)]
  return Buffer.concat([...head, ...values])
}

function encodeText(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([encodeUint64(bytes.length), bytes])
}

function encodeUint(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function encodeUint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function encodeFloat(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
