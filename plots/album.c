#include "plots/album.h"

#include "measure/text.h"

#include <stdlib.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
}

static enum pb_status draw_as(struct pb_album *album, const struct pb_figure *figure,
                              const char *format, struct pb_error *err)
{
    struct pb_picture *grown =
        realloc(album->pictures, (album->count + 1) * sizeof *album->pictures);
    if (!grown)
        return out_of_memory(err);
    album->pictures = grown;
    struct pb_picture *picture = &grown[album->count];
    *picture = (struct pb_picture){
        .figure = *figure,
        .format = format,
        .name = pb_text_format("picture-%zu.%s", album->count + 1, format),
    };
    album->count++;
    if (!picture->name)
        return out_of_memory(err);
    return pb_figure_draw(figure, &album->gnuplot, format, picture->name, err);
}

static enum pb_status draw_if_any(struct pb_album *album, const struct pb_figure *figure,
                                  const struct pb_album_options *options,
                                  struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (!pb_figure_has_data(figure))
        return PB_OK;
    if (options->svg)
        status = draw_as(album, figure, "svg", err);
    if (!status && options->png)
        status = draw_as(album, figure, "png", err);
    return status;
}

/* The figures of one slice, or with slice NULL those of the whole record. */
static enum pb_status draw_kinds(struct pb_album *album, const struct pb_figure *common,
                                 const struct pb_album_options *options,
                                 struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (int kind = 0; !status && kind < PB_FIGURE_COUNT; kind++) {
        struct pb_figure figure = *common;
        figure.kind = (enum pb_figure_kind)kind;
        if (pb_figure_is_overview(figure.kind) == !figure.slice)
            status = draw_if_any(album, &figure, options, err);
    }
    return status;
}

enum pb_status pb_album_draw(const struct pb_record *record,
                             const struct pb_crossover_report *report,
                             const struct pb_album_options *options, struct pb_album *out,
                             struct pb_error *err)
{
    *out = (struct pb_album){ 0 };
    enum pb_status status = pb_slices_make(record, &out->slices, err);
    if (status)
        return status;
    status = pb_gnuplot_open(options->gnuplot, &out->gnuplot, err);
    struct pb_figure figure = { .record = record,
                                .report = report,
                                .slices = &out->slices };
    for (size_t i = 0; !status && i < out->slices.count; i++) {
        figure.slice = &out->slices.items[i];
        status = draw_kinds(out, &figure, options, err);
    }
    figure.slice = NULL;
    if (!status)
        status = draw_kinds(out, &figure, options, err);
    if (status)
        pb_album_release(out);
    return status;
}

void pb_album_release(struct pb_album *album)
{
    for (size_t i = 0; i < album->count; i++)
        free(album->pictures[i].name);
    free(album->pictures);
    pb_gnuplot_close(&album->gnuplot);
    pb_slices_release(&album->slices);
    *album = (struct pb_album){ 0 };
}
