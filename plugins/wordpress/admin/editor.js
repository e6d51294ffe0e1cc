/* The panel "PeerPress" beside the block editor. */
;(function (wp) {
  'use strict'

  const { createElement, useEffect, useRef } = wp.element
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

  wp.plugins.registerPlugin('peerpress', {
    icon: null,
    render: () => createElement(Panel, { name: 'peerpress', title: 'PeerPress' }, createElement(Receipt)),
  })
})(window.wp)
