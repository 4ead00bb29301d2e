#include "cmd/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool pb_terminal_is(FILE *stream)
{
    const int fd = fileno(stream);
    return fd >= 0 && isatty(fd);
}

bool pb_terminal_has_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    if (no_colour && *no_colour) /* https://no-color.org: empty counts as not set */
        return false;
    return term && strcmp(term, "dumb") != 0 && pb_terminal_is(stream);
}

unsigned pb_terminal_columns(FILE *stream)
{
    struct winsize size = { .ws_col = 0 };
    if (!pb_terminal_is(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 ||
        size.ws_col == 0)
        return 80;
    return size.ws_col;
}

const char *pb_colour_start(FILE *stream, enum pb_colour colour)
{
    static const char *const codes[] = {
        [PB_PLAIN] = "\033[0m",  [PB_BOLD] = "\033[1m",    [PB_RED] = "\033[31m",
        [PB_GREEN] = "\033[32m", [PB_YELLOW] = "\033[33m", [PB_CYAN] = "\033[36m",
        [PB_DIM] = "\033[2m",
    };
    return pb_terminal_has_colour(stream) ? codes[colour] : "";
}

static size_t columns_of(const char *bytes, size_t count)
{
    size_t columns = 0;
    for (size_t i = 0; i < count; i++)
        columns += ((unsigned char)bytes[i] & 0xc0) != 0x80; /* not a continuation */
    return columns;
}

size_t pb_text_columns(const char *text)
{
    return columns_of(text, strlen(text));
}

static void flow_word(struct pb_flow *flow, const char *word, size_t bytes)
{
    const size_t width = columns_of(word, bytes);
    if (flow->column > flow->indent) {
        if (flow->column + 1 + width <= flow->columns) {
            fputc(' ', flow->out);
            flow->column++;
        } else {
            pb_flow_end(flow);
        }
    }
    for (; flow->column < flow->indent; flow->column++)
        fputc(' ', flow->out);
    fwrite(word, 1, bytes, flow->out);
    flow->column += width;
}

void pb_flow_bytes(struct pb_flow *flow, const char *text, size_t bytes)
{
    const char *end = text + bytes;
    while (text < end) {
        const char *word = text;
        while (text < end && *text != ' ' && *text != '\t' && *text != '\n')
            text++;
        if (text > word)
            flow_word(flow, word, (size_t)(text - word));
        else
            text++;
    }
}

void pb_flow_words(struct pb_flow *flow, const char *text)
{
    pb_flow_bytes(flow, text, strlen(text));
}

void pb_flow_end(struct pb_flow *flow)
{
    if (flow->column > 0)
        fputc('\n', flow->out);
    flow->column = 0;
}

void pb_flow_sentence(FILE *out, unsigned indent, struct pb_text *text)
{
    struct pb_flow flow = { .out = out,
                            .indent = indent,
                            .columns = pb_terminal_columns(out) };
    if (!text->failed)
        pb_flow_words(&flow, pb_text_one_line(text->str));
    pb_flow_end(&flow);
    pb_text_release(text);
}
