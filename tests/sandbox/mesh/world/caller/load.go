package main

import (
	"slices"
	"sync"
	"time"
)

// sender sends one request, and returns its result: an HTTP status, "ok", or the text of an error.
type sender func(number int) string

// span is a run of consecutive requests with the same result.
type span struct {
	Result string `json:"result"`
	Count  int    `json:"count"`
	Begin  int64  `json:"begin"` // when the first was sent, in milliseconds after the start
}

type summary struct {
	Sent  int     `json:"sent"`
	Spans []span  `json:"spans"` // in the order in which the requests were sent
	P50   float64 `json:"p50"`   // milliseconds
	P99   float64 `json:"p99"`
}

// run sends requests at the rate, each without waiting for the ones before, until ended is closed.
func run(send sender, rate int, ended <-chan struct{}) summary {
	var lock sync.Mutex
	var waiting sync.WaitGroup
	results := map[int]string{}
	begins := []int64{}
	times := []float64{}
	start := time.Now()
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	for number := 0; ; number++ {
		begins = append(begins, time.Since(start).Milliseconds())
		waiting.Go(func() {
			begin := time.Now()
			result := send(number)
			lock.Lock()
			defer lock.Unlock()
			results[number] = result
			times = append(times, float64(time.Since(begin).Microseconds())/1000)
		})
		select {
		case <-ticker.C:
			continue
		case <-ended:
		}
		break
	}
	waiting.Wait()
	slices.Sort(times)
	return summary{len(begins), spans(results, begins), percentile(times, 50), percentile(times, 99)}
}

func spans(results map[int]string, begins []int64) []span {
	var found []span
	for number, begin := range begins {
		if last := len(found) - 1; last >= 0 && found[last].Result == results[number] {
			found[last].Count++
		} else {
			found = append(found, span{results[number], 1, begin})
		}
	}
	return found
}

func percentile(sorted []float64, percent int) float64 {
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}
