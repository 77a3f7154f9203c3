// Asks a server with the client that openapi-generator made for Go: ask URL. A line for each question.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	service "example.com/dropout/service"
)

func main() {
	configuration := service.NewConfiguration()
	configuration.Servers = service.ServerConfigurations{{URL: os.Args[1]}}
	api := service.NewAPIClient(configuration).DropoutAPI
	background := context.Background()
	seed := int64(42)
	long := "18446744073709551615"

	mask := service.NewMaskQuestion([]int64{3, 3})
	mask.SetRate(0.5)
	mask.SetSeed(service.Seed{String: &long})
	mask.SetMaskFormat(service.MASKFORMAT_BOOLEANS)
	masked, _, err := api.Mask(background).MaskQuestion(*mask).Execute()
	tell("POST", "/mask", mask, masked, err)

	forward := service.NewForwardQuestion(nested([]int{7, 13}, []int{16, 31}))
	forward.SetKeepProb(0.8)
	forward.SetSeed(service.Seed{Int64: &seed})
	passed, _, err := api.Forward(background).ForwardQuestion(*forward).Execute()
	tell("POST", "/forward", forward, passed, err)

	first := service.NewLayer(nested([]int{1, 2}, []int{3, 4}))
	first.SetRate(0.5)
	network := service.NewForwardQuestion(nested([]int{1, 2}, []int{3, 4}))
	network.SetLayers([]service.Layer{*first, *service.NewLayer(nested([]int{1, -1}))})
	network.SetSeed(service.Seed{Int64: &seed})
	passed, _, err = api.Forward(background).ForwardQuestion(*network).Execute()
	tell("POST", "/forward", network, passed, err)

	verify := service.NewVerifyQuestion(list(7, 13, 16, 31))
	verify.SetOutput(list(7, 13, 0, 31))
	verify.SetKeepProb(0.8)
	judged, _, err := api.Verify(background).VerifyQuestion(*verify).Execute()
	tell("POST", "/verify", verify, judged, err)

	listed, _, err := api.Generators(background).Execute()
	tell("GET", "/generators", nil, listed, err)

	wrong := service.NewForwardQuestion(list(1, 2))
	wrong.SetRate(0.5)
	wrong.SetNoiseShape([]int64{3})
	_, _, err = api.Forward(background).ForwardQuestion(*wrong).Execute()
	if refusal, isRefusal := err.(*service.GenericOpenAPIError); isRefusal {
		tell("POST", "/forward", wrong, refusal.Model(), nil)
	}
}

func nested(rows ...[]int) service.Tensor {
	array := []interface{}{}
	for _, row := range rows {
		array = append(array, row)
	}
	return service.Tensor{ArrayOfAny: &array}
}

func list(numbers ...int) service.Tensor {
	array := []interface{}{}
	for _, number := range numbers {
		array = append(array, number)
	}
	return service.Tensor{ArrayOfAny: &array}
}

func tell(method string, target string, question interface{}, answer interface{}, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, target, err)
		os.Exit(1)
	}
	line, err := json.Marshal(map[string]interface{}{
		"method": method, "target": target, "question": question, "answer": answer,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, target, err)
		os.Exit(1)
	}
	fmt.Println(string(line))
}
