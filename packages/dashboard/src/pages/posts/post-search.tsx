import { messages } from '../../messages/messages.ts'
import { useSubmit } from '../../session/use-submit.ts'
import type { ListPlace } from './list-place.ts'

interface PostSearchProps {
  readonly place: ListPlace
  readonly onPick: (place: ListPlace) => void
}

/** Finds posts by title or address, and orders them. */
export function PostSearch({ place, onPick }: PostSearchProps) {
  const { posts } = messages
  const first = { after: null, before: null }
  const { submit } = useSubmit(async (field) => onPick({ ...place, ...first, search: field('q').trim() }))
  return (
    <form class="post-search" role="search" onSubmit={submit}>
      <label>
        <span>{posts.search}</span>
        <input
          type="search"
          name="q"
          key={place.search}
          defaultValue={place.search}
          placeholder={posts.searchHint}
          maxLength={200}
        />
      </label>
      <button type="submit">{posts.find}</button>
      {place.search !== '' && (
        <button type="button" class="quiet" onClick={() => onPick({ ...place, ...first, search: '' })}>
          {posts.clear}
        </button>
      )}
      <label class="post-order">
        <span>{posts.order}</span>
        <select
          value={place.order}
          onChange={({ currentTarget: { value } }) =>
            onPick({ ...place, ...first, order: value === 'TITLE' ? 'TITLE' : 'PUBLISHED' })
          }
        >
          {Object.entries(posts.orders).map(([order, name]) => (
            <option key={order} value={order}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </form>
  )
}
