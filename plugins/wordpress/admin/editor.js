/* The panel "PeerPress" beside the block editor. */
;(function (wp) {
  'use strict'

  const { createElement, useEffect, useRef, useState } = wp.element
  // WordPress 6.6 moved the panel to wp.editor.
  const Panel = (wp.editor && wp.editor.PluginDocumentSettingPanel) || wp.editPost.PluginDocumentSettingPanel

  function Receipt() {
    const place = useRef(null)
    const { post, isSaving } = wp.data.useSelect((select) => {
      const editor = select('core/editor')
      return {
        post: editor.getCurrentPostId(),
        isSaving: editor.isSavingPost() && !editor.isAutosavingPost(),
      }
    }, [])
    useEffect(() => {
      if (!isSaving && place.current !== null) window.peerpressReceipts.follow([place.current])
    }, [post, isSaving])
    return createElement('div', {
      ref: place,
      className: 'peerpress-receipt',
      'data-post': String(post),
      'data-switch': '1',
    })
  }

  /** The community's part: the state after each save, because only a published post can be shared. */
  function Community() {
    const place = useRef(null)
    const { post, isSaving } = wp.data.useSelect((select) => {
      const editor = select('core/editor')
      return {
        post: editor.getCurrentPostId(),
        isSaving: editor.isSavingPost() && !editor.isAutosavingPost(),
      }
    }, [])
    useEffect(() => {
      if (!isSaving && place.current !== null) window.peerpressFollowCommunity(place.current)
    }, [post, isSaving])
    return createElement('div', { ref: place, className: 'peerpress-community', 'data-post': String(post) })
  }

  /** The brief and the gates' results of the post, all of it as text. */
  function Editorial() {
    const [lines, setLines] = useState([])
    const post = wp.data.useSelect((select) => select('core/editor').getCurrentPostId(), [])
    useEffect(() => {
      let isShown = true
      const show = (found) => {
        if (isShown) setLines(found)
      }
      // A post without an answer has no panel.
      wp.apiFetch({ path: `/peerpress/v1/posts/${post}/panel` }).then(
        (answer) => show(answer.lines),
        () => show([]),
      )
      return () => {
        isShown = false
      }
    }, [post])
    return lines.map(({ heading, texts }, line) =>
      createElement(
        'div',
        { key: line, className: 'peerpress-editorial' },
        createElement('h3', null, heading),
        createElement('ul', null, ...texts.map((text, index) => createElement('li', { key: index }, text))),
      ),
    )
  }

  wp.plugins.registerPlugin('peerpress', {
    icon: null,
    render: () =>
      createElement(
        Panel,
        { name: 'peerpress', title: 'PeerPress' },
        createElement(Receipt),
        createElement(Community),
        createElement(Editorial),
      ),
  })
})(window.wp)
