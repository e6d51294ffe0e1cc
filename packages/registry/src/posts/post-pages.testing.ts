import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publication, type SuiteContext } from '../suite.testing.ts'
import type { PostPageQuery, PostPosition } from './post-pages.ts'

export function describePostPages(context: SuiteContext): void {
  describe('pages of posts', () => {
    const publish = async (site: string, post: string, title: string | null) => {
      const { posts, pageTexts } = context.registry()
      const url = `https://blog.example/${post}`
      await posts.record({ ...publication(site, 1, []), post, url })
      if (title === null) return
      const content = { title: `${title} – Blog`, headline: title, description: null, language: null }
      await pageTexts.record({
        site,
        post,
        version: 1,
        url,
        failure: null,
        content: { ...content, sections: [] },
      })
    }
    /** Walks a whole list by pages of two, forward or backward. */
    const walk = async (site: string, query: Pick<PostPageQuery, 'order' | 'search' | 'fromEnd'>) => {
      const found: string[] = []
      let edge: PostPosition | null = null
      for (;;) {
        const beyond: Partial<PostPageQuery> = query.fromEnd ? { before: edge } : { after: edge }
        const page = await context.registry().posts.page(site, { ...query, ...beyond, limit: 2 })
        if (page.length === 0) return found
        if (query.fromEnd) found.unshift(...page.map(({ post }) => post))
        else found.push(...page.map(({ post }) => post))
        edge = (query.fromEnd ? page[0] : page.at(-1)) ?? null
      }
    }

    test('every post is on one page of each order, in both directions', async () => {
      const { id } = (await context.site('pages')).site
      await publish(id, '1', 'Tulips')
      await publish(id, '2', null)
      context.advance(1000)
      await publish(id, '3', 'apples')
      await publish(id, '10', 'Zucchini')
      await publish(id, 'x', 'Apples')
      for (const fromEnd of [false, true]) {
        assert.deepEqual(await walk(id, { order: 'published', fromEnd }), ['x', '3', '10', '2', '1'])
        assert.deepEqual(await walk(id, { order: 'title', fromEnd }), ['3', 'x', '2', '1', '10'])
      }
    })

    test('a search finds parts of titles and addresses in any case, and no pattern', async () => {
      const { id } = (await context.site('searched')).site
      await publish(id, 'a', '100 % Tulips')
      await publish(id, 'b', 'Roses_1')
      const found = (search: string) => walk(id, { order: 'title', search, fromEnd: false })
      assert.deepEqual(await found('tULIP'), ['a'])
      assert.deepEqual(await found('example/b'), ['b'])
      assert.deepEqual(await found('%'), ['a'])
      assert.deepEqual(await found('_'), ['b'])
      assert.deepEqual(await found('s\0'), [])
    })

    test('the titles of posts are found together', async () => {
      const { id } = (await context.site('titles')).site
      await publish(id, 'a', 'A title')
      await publish(id, 'b', null)
      const titles = await context.registry().posts.titles(id, ['a', 'b', 'c', '\0'])
      assert.deepEqual([...titles], [['a', 'A title']])
      assert.deepEqual(
        await context.registry().posts.page('\0', { order: 'title', fromEnd: false, limit: 5 }),
        [],
      )
    })
  })
}
